"""What a page costs, what share of each budget is used, how fast a worker stops.

`python -m benchmarks.crawl` measures all three; `python -m benchmarks.crawl budgets 180` every platform's lane at once,
for so many seconds; names of platforms after that run their lanes alone.
"""

import sys

from benchmarks.crawl import budgets, cpu, drain
from sandbox.world import PLATFORMS

if __name__ == "__main__":
    if sys.argv[1:2] == ["budgets"]:
        print(budgets.report(float(sys.argv[2]) if sys.argv[2:] else budgets.SECONDS, sys.argv[3:] or PLATFORMS))
    else:
        print(cpu.report())
        print()
        print(budgets.report())
        print()
        print(drain.report())
