"""What crawling costs: the processor's time for a page, next to a bare default Scrapy spider in the same run."""
