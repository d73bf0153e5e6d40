"""What Scrapy platforms share."""
