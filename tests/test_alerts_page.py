"""docs/alerts.md: its commands, executed in their order; and what the command line refuses and never shows."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from storage.database import open_database, writing
from storage.models import alert_rule
from tests import receivers
from tests.commands import ROOT, falsetto

PAGE = (ROOT / "docs" / "alerts.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
SECRET = "s3cr3t-token"


@pytest.fixture(scope="module")
def hook():
    with receivers.post() as server:
        yield server


def test_the_pages_commands_work_in_their_order(tmp_path, hook):
    command = tmp_path / "falsetto"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m crawler "$@"\n')
    command.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    said = []
    for block in BLOCKS:
        text = block.replace("127.0.0.1:9009/hook/s3cr3t", hook.url.removeprefix("json://"))
        done = subprocess.run(
            ["sh", "-euc", text], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, (text, done.stdout, done.stderr)
        said.append(done.stdout)
    assert "everything -> team: arrived" in said[1]
    assert hook.titles() == ["Falsetto: a test"]
    assert "Waiting for a verdict: nothing" in said[4]
    assert (tmp_path / "digest.html").read_text().startswith("<!doctype html>")
    assert SECRET not in "".join(said)


@pytest.fixture
def lab(tmp_path, hook, sqlite_template):
    shutil.copyfile(sqlite_template, tmp_path / "falsetto.db")

    def run(*words, **settings):
        return falsetto(*words, folder=tmp_path, **{"destination_team": hook.url, **settings})

    return run


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["add", "a", "--to", "nowhere"], "there is no destination 'nowhere' (known: team)"),
        (["add", "a", "--to", "team", "--about", "gossip"], "--about: cases, trouble, all were expected"),
        (["add", "a", "--to", "team", "--kind", "x"], "--kind: release, profile"),
        (["add", "a", "--to", "team", "--platform", "x"], "--platform: "),
        (["add", "a", "--to", "team", "--quiet", "22-7"], "a time such as 07:30 was expected"),
        (["add", "a", "--to", "team", "--quiet", "07:00-07:00"], "two different times"),
        (["add", "a", "--to", "team", "--daily", "8"], "a time such as 07:30 was expected"),
        (["add", "a", "--to", "team", "--zone", "Mars"], "a time zone such as"),
        (["add", "a:b", "--to", "team"], "a name in plain text"),
        (["add", "worker", "--to", "team"], "a name in plain text"),
        (["add", "a", "--to", "team", "--artist", "Nobody"], "nobody on the roster is called 'Nobody'"),
        (["remove", "a"], "there is no alert rule named 'a'"),
        (["mute", "a"], "there is no alert rule named 'a'"),
        (["mute", "case:99"], "there is no case 99"),
        (["mute", "case:x"], "a number was expected after case:"),
        (["mute", "gossip:x"], "a rule, or case:"),
        (["mute", "stale:deezer", "--for", "soon"], "a span such as"),
        (["mute", "stale:deezer", "--off"], "is not muted"),
        (["test", "a"], "there is no alert rule named 'a'"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(lab, words, says):
    done = lab("alerts", *words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert says in done.stderr


def test_an_address_never_reaches_output_log_or_store(lab, hook, tmp_path):
    secret = {"destination_bad": f"nonsense://user:{SECRET}@host", "log_level": "DEBUG"}
    refused = lab("alerts", "add", "bad", "--to", "bad", **secret)
    assert refused.returncode == 2
    assert "its address is none that Apprise knows" in refused.stderr
    lab("alerts", "add", "good", "--to", "team")
    hook.status = 500
    failed = lab("alerts", "test", "good", **secret)
    hook.status = 200
    assert failed.returncode == 4
    assert failed.stdout == "good -> team: it answered 500\n"
    every = [refused, failed, lab("alerts", "list", "--json", **secret), lab("status", **secret)]
    assert all(SECRET not in one.stdout + one.stderr for one in every)
    assert SECRET.encode() not in (tmp_path / "falsetto.db").read_bytes()


def test_status_and_list_show_a_destination_that_fails(lab, tmp_path):
    lab("alerts", "add", "good", "--to", "team")
    engine = open_database(f"sqlite:///{tmp_path / 'falsetto.db'}")
    with writing(engine) as connection:
        failing = {"failing_since": datetime(2026, 3, 1, tzinfo=UTC), "trouble": "it answered 500", "tries": 3}
        connection.execute(alert_rule.update().values(**failing))
    engine.dispose()
    line = "alerts by the rule good do not arrive at team since 2026-03-01 00:00 UTC (3 tries): it answered 500"
    assert line in lab("status").stdout
    assert "FAILS since 2026-03-01 00:00 UTC: it answered 500" in lab("alerts", "list").stdout
    assert "alerts by the rule good fail since" in json.loads(lab("digest", "--json").stdout)["trouble"][0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("team json://x/hush-hush", "line 1 is not of the form: name = address"),
        ("a = json://x/hush-hush\na = json://y", "line 2 names a again"),
        (None, "the file can't be read"),
    ],
)
def test_a_file_of_destinations_that_is_wrong_is_named_by_its_line_and_not_quoted(tmp_path, text, says):
    if text is not None:
        (tmp_path / "there").write_text(text)
    done = falsetto("alerts", "list", folder=tmp_path, destinations="there")
    assert done.returncode == 3
    assert says in done.stderr
    assert "hush-hush" not in done.stderr
