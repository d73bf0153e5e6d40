"""`python -m benchmarks` runs every benchmark, one after the other, each in a process of its own.

All but the mutants, which take hours and a tool of their own: `make mutants`.
"""

import pkgutil
import subprocess
import sys

import benchmarks

if __name__ == "__main__":
    for module in sorted(m.name for m in pkgutil.iter_modules(benchmarks.__path__) if m.ispkg and m.name != "mutants"):
        print(f"\n## {module}\n", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{module}"], check=True)
