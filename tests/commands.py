"""The command line in tests: a process of its own with a bare environment."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "SSL_CERT_FILE")


def falsetto(
    *words: object, folder: Path, stdin: str | None = None, **settings: object
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
        capture_output=True,
        text=True,
        timeout=120,
    )
