"""The spine: what every look goes through, straight down: record -> gather -> decide -> keep."""

from crawler.journey.spine import Journey

__all__ = ["Journey"]
