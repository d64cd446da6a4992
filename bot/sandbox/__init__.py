"""A local Telegram: a strict Bot API server with people, chats and a chat page."""
