"""The demo is the main job: it ends well, overruns no limit, and leaves a store that the commands read."""

import json
import re

import jsonschema

from tests.commands import falsetto
from tests.test_feed_document import SCHEMA


def test_the_demo_runs_from_nothing_to_cases_with_reasons(tmp_path):
    done = falsetto("demo", "--scale", "0.4", "--days", "5", "--dir", tmp_path / "demo", folder=tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "limits overrun, as counted by the sandbox: 0" in done.stdout
    assert re.search(r"[1-9]\d* cases are open", done.stdout)
    planted, caught = map(int, re.search(r"attacks: (\d+) planted, (\d+) became a case", done.stdout).groups())
    assert planted >= 3
    assert "WHAT IS TRUE" in done.stdout
    assert caught > planted / 2
    sent = re.search(
        r"(\d+) candidates of at least 0.5 taken in \d+ tries, (\d+) verdicts back, 0 refused", done.stdout
    )
    assert int(sent[1]) >= int(sent[2]) > 0
    assert re.search(r"[01]\.\d\d -> [01]\.\d\d  .*: (impersonation|legitimate)", done.stdout)
    url = re.search(r"FALSETTO_DATABASE_URL=(\S+)", done.stdout).group(1)
    store = {"database_url": url}
    assert "artists are monitored" in falsetto("status", folder=tmp_path, **store).stdout
    cases = falsetto("cases", "list", "--json", folder=tmp_path, **store).stdout.splitlines()
    first = json.loads(cases[0])
    assert first["evidence"]
    shown = falsetto("cases", "show", first["id"], folder=tmp_path, **store).stdout
    assert "unconfirmed" in shown
    feed = [json.loads(line) for line in falsetto("feed", "export", folder=tmp_path, **store).stdout.splitlines()]
    for line in feed:
        jsonschema.validate(line["candidate"], json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert [line["cursor"] for line in feed] == sorted({line["cursor"] for line in feed})
    assert len({line["candidate"]["idempotency_key"] for line in feed}) == len(feed)
    last = feed[-1]["cursor"]
    assert falsetto("feed", "export", "--since", last, folder=tmp_path, **store).stdout == ""


def test_a_verdict_from_the_terminal_is_for_good_and_reaches_the_feed(tmp_path):
    falsetto("demo", "--scale", "0.2", "--days", "3", "--dir", tmp_path / "demo", folder=tmp_path)
    store = {"database_url": f"sqlite:///{tmp_path / 'demo' / 'falsetto.db'}"}
    first = json.loads(falsetto("cases", "list", "--json", "--limit", 1, folder=tmp_path, **store).stdout)
    decided = falsetto(
        "cases", "verdict", first["id"], "legitimate", "--by", "ana", "--note", "ours", folder=tmp_path, **store
    )
    assert decided.returncode == 0, decided.stderr
    still_open = falsetto("cases", "list", "--json", folder=tmp_path, **store).stdout.splitlines()
    assert first["id"] not in [json.loads(line)["id"] for line in still_open]
    last = json.loads(falsetto("feed", "export", folder=tmp_path, **store).stdout.splitlines()[-1])["candidate"]
    assert (last["event"], last["case_id"], last["verdict"]["authority"]) == ("withdrawn", first["id"], "ana")
