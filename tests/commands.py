"""The command line in tests: a process of its own with a bare environment."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "SSL_CERT_FILE")


def falsetto(
    *words: object, folder: Path, stdin: str | None = None, stdout: Any = subprocess.PIPE, **settings: object
) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder; settings are given without their prefix."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    environment |= {f"FALSETTO_{name.upper()}": str(value) for name, value in settings.items()}
    environment["PYTHONPATH"] = str(ROOT)
    return subprocess.run(
        [sys.executable, "-m", "crawler", *map(str, words)],
        cwd=folder,
        env=environment,
        input=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        timeout=120,
    )
