"""docs/feed.md connects a detection team: its commands, executed against a running `falsetto serve`."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest

from storage import keys, outbox
from storage.database import writing
from tests.commands import ROOT
from tests.served import Serve
from tests.test_cases import event, judged

__all__ = ["event"]  # a fixture

PAGE = (ROOT / "docs" / "feed.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)(?: (\S+))?\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
ADDRESS = "http://127.0.0.1:8420"


@pytest.fixture
def shell(tmp_path, store_url):
    """A folder, and an environment in which `falsetto` is this checkout's and nothing of ours is set but the store."""
    folder = tmp_path / "work"
    (folder / "bin").mkdir(parents=True)
    command = folder / "bin" / "falsetto"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m crawler "$@"\n')
    command.chmod(0o755)
    environment = {
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "FALSETTO_DATABASE_URL": store_url,
        "no_proxy": "127.0.0.1",
    }
    return folder, environment


def test_the_pages_commands_work_in_their_order(engine, event, shell):
    if shutil.which("curl") is None:
        pytest.skip("the page's commands need curl")
    folder, environment = shell
    judged(engine, event)
    with writing(engine) as connection:
        outbox.sequence(connection)
    server, said = None, {}
    try:
        for kind, name, block in BLOCKS:
            if (kind, name) == ("sh", "server"):
                server = Serve(folder, shlex.split(block.replace("--port 8420", ""))[1:], environment)
                continue
            text = block.replace(ADDRESS, server.url) if server else block
            if kind == "python":
                (folder / name).write_text(text, encoding="utf-8")
                continue
            done = subprocess.run(
                ["sh", "-euc", text], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
            )
            assert done.returncode == 0, (text, done.stdout, done.stderr)
            said[block] = done.stdout
        key = (folder / "feed.key").read_text().strip()
        with engine.connect() as connection:
            assert keys.holder(connection, key) is None  # the page's last command revoked it
    finally:
        if server is not None:
            server.stop()
    pulled, taken, decided = (
        next(told for block, told in said.items() if sign in block)
        for sign in ("/v1/candidates?", "pull.py", "/v1/verdicts")
    )
    assert json.loads(pulled)["items"][0]["candidate"]["case_id"] == 1
    assert taken.startswith("opened 1 open ")
    assert next(told for block, told in said.items() if "client.py" in block) == "1 opened 1 0.6 []\n1 official pages\n"
    assert (folder / "feed.cursor").read_text() == "1"
    assert json.loads(decided)["status"] == "confirmed"
