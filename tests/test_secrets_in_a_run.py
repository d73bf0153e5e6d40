"""A whole run over every platform and reference, its log at DEBUG, some answers refused: no credential is written."""

import re
import sqlite3
import zlib

import pytest

from sandbox import running
from spiders.base.platform import NO_SECRETS, platform, platform_names
from tests.asking import elliptic_key
from tests.commands import falsetto

GIVEN = re.compile(r"(ey|2-|BQ)[0-9a-f]{64}|eyJ[\w-]{20,}\.[\w-]{20,}")  # tokens got for a credential
NEITHER = {"permission"}  # a sentence, which is shown


@pytest.fixture(scope="module")
def world():
    with running(seed=5, scale=0.02, lapse=2_000.0) as started:
        yield started


def credentials(name):
    words = (*platform(name).needs, *platform(name).may_use)
    made = {"private_key": elliptic_key(), "team_id": "TEAM000001", "key_id": "KEY0000001"}
    return {word: made.get(word, f"{name}-{word}-of-ours-{len(name):04}") for word in words}


def test_no_run_writes_a_credential_anywhere(tmp_path, world):
    names, bases = platform_names(), world.base_urls()
    assert set(names) == set(bases), "a platform has no stand-in: its credentials are not looked for here"
    said = {f"{name}_{word}": value for name in names for word, value in credentials(name).items()}
    (tmp_path / "roster.csv").write_text("".join(world.roster_csv().splitlines(keepends=True)[:4]), encoding="utf-8")
    world.faults(unauthorized=0.05, html_error=0.05)
    settings = {
        **said, **{f"{name}_base_url": bases[name] for name in names},
        "platforms": ",".join(names), "contact": "ops@label.example", "log_level": "DEBUG", "time_lapse": "2000",
        "time_origin": world.now().isoformat(), "token_dir": str(tmp_path / "tokens"),
    }  # fmt: skip
    written = []
    for words in (("roster", "import", "roster.csv"), ("run", "--until-idle"), ("platforms", "check"), ("status",)):
        done = falsetto(*words, folder=tmp_path, **settings)
        written += [done.stdout, done.stderr]
    calls = world.calls()
    asked = {name for name in names if sum(bucket["calls"] for bucket in calls[name].values())}
    assert asked >= {name for name in names if credentials(name)}
    for path in tmp_path.rglob("*"):
        if path.is_file() and path.parent.name != "tokens":
            written.append(path.read_bytes().decode("latin-1"))
    with sqlite3.connect(tmp_path / "falsetto.db") as store:
        bodies = store.execute("SELECT body FROM payload")
        written += [zlib.decompress(row[0]).decode("utf-8", "replace") for row in bodies]
    told = {
        value for name, value in said.items() if not any(name.endswith(f"_{word}") for word in NO_SECRETS | NEITHER)
    }
    secret = {line for value in told for line in value.splitlines() if "-----" not in line}
    assert len(secret) >= 6
    for text in written:
        assert not [one for one in secret if one in text]
        assert not GIVEN.search(text)
    tokens = [path.read_text() for path in (tmp_path / "tokens").glob("*.json")]
    assert [one for one in tokens if GIVEN.search(one)], "the form of given tokens is not known here any more"
