"""TIDAL, as its API v2 speaks."""
