"""Asks an API client in a process whose memory is limited: `python -m tests.bombed`, told by JSON on standard input."""

import json
import resource
import sys
from pathlib import Path

from spiders.base.platform import Access, platform
from storage.targets import Ask, Target
from tests.clients import LAPSE, QuickGate, look

ROOM = 200_000_000  # bytes beyond what the process holds when it begins to ask


def limit_memory(pid: int = 0) -> None:
    """Allow a process so much address space and no more."""
    pages = int(Path(f"/proc/{pid or 'self'}/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + ROOM
    resource.prlimit(pid, resource.RLIMIT_AS, (most, most))


def main() -> None:
    """Ask and print how it ended."""
    said = json.load(sys.stdin)
    access = Access(base_url=said["url"], contact="ops@label.example", lapse=LAPSE, **said["access"])
    client = platform(said["platform"])(access, QuickGate())
    limit_memory()
    heard = look(client, Target(said["platform"], Ask(said["ask"]), said["subject"]))
    sys.stdout.write(json.dumps([heard.coverage.outcome, heard.coverage.stop_reason]) + "\n")


if __name__ == "__main__":
    main()
