"""`python -m crawler` is `falsetto`."""

from crawler.cli import main

main()
