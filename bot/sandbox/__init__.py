"""A local, strict Bot API server with a chat page, and sample sources: the demo, and the outside of the tests."""
