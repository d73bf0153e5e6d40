"""`python -m benchmarks.crawl` prints what a page costs, what share of a budget is used, how fast a worker stops."""

from benchmarks.crawl import budgets, cpu, drain

if __name__ == "__main__":
    print(cpu.report())
    print()
    print(budgets.report())
    print()
    print(drain.report())
