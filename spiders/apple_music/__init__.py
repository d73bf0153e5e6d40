"""Apple Music: a folder, because its key signs tokens of our own."""

from spiders.apple_music.platform import AppleMusic

__all__ = ["AppleMusic"]
