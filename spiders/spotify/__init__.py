"""Spotify: a folder, because it tames an SDK."""

from spiders.spotify.platform import Spotify

__all__ = ["Spotify"]
