"""The feed: export, pull pages and push at many rows."""
