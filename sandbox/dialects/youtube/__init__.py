"""YouTube, as its Data API v3 speaks."""
