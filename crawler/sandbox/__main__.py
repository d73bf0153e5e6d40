"""`python -m crawler.sandbox`: serve a world and say the port in one JSON line."""

import argparse
import json
from datetime import datetime
from pathlib import Path

from crawler.sandbox.serving import START, serve


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m crawler.sandbox")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--lapse", type=float, default=1.0)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--world", type=Path)
    parser.add_argument("--start", type=datetime.fromisoformat, default=START)
    parser.add_argument("--faults", type=json.loads, default={})
    parser.add_argument("--capability", choices=("development", "extended"), default="development")
    parser.add_argument("--country", default="US")
    serve(**vars(parser.parse_args()))


if __name__ == "__main__":
    main()
