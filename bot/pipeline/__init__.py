"""The way of an article from source to chat: one step a file, the queue between steps is the database."""
