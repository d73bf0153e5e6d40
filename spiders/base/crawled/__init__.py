"""What Scrapy platforms share: a spider, its looks, and the answers to one thing and to a list."""

from spiders.base.crawled.answers import CrawledPlatform, Listing
from spiders.base.crawled.look import Look
from spiders.base.platform import segment

__all__ = ["CrawledPlatform", "Listing", "Look", "segment"]
