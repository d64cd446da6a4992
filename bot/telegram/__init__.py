"""Telegram handlers, named as the actions they call, and the Application that routes to them."""
