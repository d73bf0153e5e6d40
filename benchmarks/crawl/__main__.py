"""`python -m benchmarks.crawl` prints what a page costs."""

from benchmarks.crawl import cpu

if __name__ == "__main__":
    print(cpu.report())
