"""`python -m sandbox`: serve a world and say the port in one JSON line, or write a world file."""

import argparse
import json
import os
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from sandbox.files.export import export_world
from sandbox.files.worldfile import BadWorld, schema
from sandbox.generate import GeneratedWorld
from sandbox.planted.programme import Staging
from sandbox.server.faults import UnknownFault
from sandbox.server.serving import START, serve


def moment(text: str) -> datetime:
    """Read a time; one without a zone is UTC."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def names(text: str) -> tuple[str, ...]:
    """Read names with commas between them."""
    return tuple(name for name in text.split(",") if name)


def end_with_parent() -> None:
    """Wait for the end of standard input, which a parent's death brings too, and stop."""
    os.read(sys.stdin.fileno(), 1)
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> int:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m sandbox")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--lapse", type=float, default=1.0)
    parser.add_argument(
        "--dial", type=Path, help="a file of eight bytes (a double) in which whoever asks sets the time"
    )
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--world", type=Path)
    parser.add_argument("--start", type=moment)
    parser.add_argument("--faults", type=json.loads, default={})
    parser.add_argument("--capability", choices=("development", "extended"), default="development")
    parser.add_argument("--country", default="US")
    parser.add_argument("--export", type=Path, help="write the generated world to a file and stop")
    parser.add_argument("--schema", type=Path, help="write the JSON Schema of world files to a file and stop")
    parser.add_argument("--scenarios", type=names, default=(), help="plant only these: G1,G17,typo")
    parser.add_argument("--attacks", type=int, help="spread so many attacks over the world")
    parser.add_argument("--days", type=float, default=21.0, help="within how many days something is planted")
    parser.add_argument("--with-parent", action="store_true", help="end when standard input ends")
    said = vars(parser.parse_args())
    export, described = said.pop("export"), said.pop("schema")
    if said.pop("with_parent"):
        threading.Thread(target=end_with_parent, daemon=True).start()
    try:
        staging = Staging(said.pop("scenarios"), said.pop("attacks"), said.pop("days"))
        if described:
            described.write_text(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        elif export:
            began = (said["start"] or START).timestamp()
            export_world(GeneratedWorld(said["seed"], said["scale"], began, staging), export)
        else:
            serve(**said, staging=staging)
    except (BadWorld, UnknownFault, ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
