"""TIDAL: a folder, because its documents name what they tell elsewhere."""

from spiders.tidal.platform import Tidal

__all__ = ["Tidal"]
