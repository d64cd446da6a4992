"""The HTTP side: API, portal, health and metrics, and the webhook door."""
