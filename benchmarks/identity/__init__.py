"""Which ties across platforms hold: a synthetic world's releases, read and grouped as in a crawl, against the truth."""
