"""Bandcamp: a folder, because its answers are pages made for people."""

from spiders.bandcamp.platform import Bandcamp

__all__ = ["Bandcamp"]
