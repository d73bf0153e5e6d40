"""Print all figures of the resemblance matcher: `python -m benchmarks.resemblance [PART]...`.

The parts are accuracy, alarms, ordinary, pairs, crossed, speed and fuzz.
"""

import platform
import sys

from benchmarks.resemblance import accuracy, alarms, crossed, fuzz, ordinary, pairs, speed
from benchmarks.resemblance.names import SHARED

PARTS = {
    "accuracy": accuracy.main,
    "alarms": alarms.main,
    "ordinary": ordinary.main,
    "pairs": pairs.main,
    "crossed": crossed.main,
    "speed": speed.main,
    "fuzz": fuzz.main,
}


def main() -> int:
    """Run the parts that are asked for, or all."""
    if not SHARED.exists():
        print(f"the names to measure with are not here: {SHARED}")
        return 1
    print(f"Python {platform.python_version()} on {platform.machine()} {platform.system()}")
    for name in sys.argv[1:] or PARTS:
        print(f"\n== {name}: {(sys.modules[PARTS[name].__module__].__doc__ or '').splitlines()[0]}\n")
        PARTS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main())
