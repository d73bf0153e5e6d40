"""YouTube: a folder, because descriptions of Art Tracks are a language of their own."""

from spiders.youtube.platform import Youtube

__all__ = ["Youtube"]
