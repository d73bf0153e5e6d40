"""From pages to looks: gathers what was said for each target until its coverage came, then hands it over."""

from scrapy.crawler import Crawler

from spiders.base.crawled.spider import PlatformSpider
from spiders.base.errors import Closing
from storage.observations import Page

Item = Page | list[Page]


class Telling:
    """Item pipeline: the last page of a target carries its coverage and completes the look."""

    def __init__(self, crawler: Crawler) -> None:
        """Remember whose spider it is."""
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Telling":
        """Build the pipeline."""
        return cls(crawler)

    async def process_item(self, item: Item) -> Item:
        """Add pages to their looks; a look that was told already takes no more."""
        spider = self.crawler.spider
        assert isinstance(spider, PlatformSpider)
        for page in item if isinstance(item, list) else (item,):
            look = spider.looks.get(page.target)
            if look is not None:
                look.pages.append(page)
                if page.coverage is not None:
                    await spider.told(look)
        return item

    async def close_spider(self) -> None:
        """Close what was still open: no target is left without a coverage."""
        spider = self.crawler.spider
        if isinstance(spider, PlatformSpider):
            for page in spider.give_up(list(spider.looks.values()), Closing()):
                await self.process_item(page)
