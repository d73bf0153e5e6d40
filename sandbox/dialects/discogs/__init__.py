"""Discogs, as its API speaks."""
