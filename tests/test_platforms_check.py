"""`falsetto platforms check`: one cheap question to each, and what to do about what is wrong."""

import json
from datetime import UTC, datetime

import pytest

from crawler.worker.checking import told
from sandbox import running
from spiders.base.platform import platform, platforms
from storage import budgets
from storage.database import open_database, upgrade, writing
from storage.observations import OddRow, Outcome, ProfileSeen
from storage.recording.record import record
from storage.targets import Ask, Target
from tests.commands import falsetto
from tests.replay import Answer, Replay
from tests.say import told as said


@pytest.fixture(scope="module")
def world():
    with running(seed=3, scale=0.1, lapse=1.0) as started:
        yield started


def checked(done):
    return {row["platform"]: row for row in map(json.loads, done.stdout.splitlines())}


def test_what_answers_is_told_so_and_what_lacks_something_says_what(tmp_path, world):
    bases = world.base_urls()
    reach = {f"{name}_base_url": bases[name] for name in ("deezer", "tidal", "youtube", "spotify")}
    done = falsetto(
        "platforms", "check", "--json", folder=tmp_path, platforms="deezer,tidal,youtube,spotify", **reach,
        tidal_client_id="an-id-of-ours", tidal_client_secret="a-secret-of-ours", youtube_key="invalid",
    )  # fmt: skip
    assert done.returncode == 4, done.stderr
    found = checked(done)
    assert found["deezer"]["fine"], found["deezer"]
    assert found["tidal"]["fine"], found["tidal"]
    assert "Google Cloud console" in found["youtube"]["remedy"]
    assert "FALSETTO_SPOTIFY_CLIENT_ID" in found["spotify"]["remedy"]
    assert "a-secret-of-ours" not in done.stdout + done.stderr
    calls = world.calls()
    assert sum(bucket["calls"] for bucket in calls["deezer"].values()) == 1
    assert sum(bucket["calls"] for bucket in calls["spotify"].values()) == 0


def test_a_budget_that_rests_is_not_asked(tmp_path):
    url = f"sqlite:///{tmp_path}/falsetto.db"
    upgrade(url)
    engine = open_database(url)
    with writing(engine) as connection:
        budgets.park(connection, "deezer", "", "here", datetime.now(UTC).timestamp() + 3600, "HTTP 429")
    engine.dispose()
    with Replay() as server:
        done = falsetto("platforms", "check", folder=tmp_path, platforms="deezer", deezer_base_url=server.url)
        assert server.asked == []
    assert done.returncode == 4
    assert "deezer: rests until" in done.stdout
    assert "unpark deezer" in done.stdout


def test_all_fine_ends_with_zero_and_nothing_is_kept(tmp_path):
    with Replay() as server:
        server.answer_by(lambda asked: {"data": [], "total": 0})
        done = falsetto("platforms", "check", "deezer", folder=tmp_path, deezer_base_url=server.url)
    assert (done.returncode, done.stdout) == (0, "deezer: answers\n"), done.stderr
    said = falsetto("platforms", folder=tmp_path, platforms="deezer").stdout
    assert "last contact: never" in said
    assert "budget default: 1 calls" in said  # the call was paid


def test_a_server_that_is_none_of_theirs_is_said(tmp_path):
    with Replay() as server:
        server.answer_by(lambda asked: Answer(b"<html>hello</html>", content_type="text/html"))
        done = falsetto("platforms", "check", "deezer", folder=tmp_path, deezer_base_url=server.url)
    assert done.returncode == 4
    assert "a shape that is not known" in done.stdout


@pytest.mark.parametrize("name", sorted(platforms()))
@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_is_put_into_words(name, outcome):
    said = told(platform(name), outcome, "artist: HTTP 418")
    assert said.fine == (outcome in (Outcome.COMPLETE, Outcome.PARTIAL, Outcome.ABSENT, Outcome.BLIND))
    assert said.said
    assert said.fine or said.remedy


@pytest.mark.parametrize(
    ("name", "reason", "words"),
    [
        ("spotify", "HTTP 403, Active premium subscription required", "Premium"),
        ("apple_music", "catalog/us/search: HTTP 401", "clock"),
        ("youtube", "HTTP 403, (accessNotConfigured)", "enable the YouTube Data API"),
        ("tidal", "TIDAL does not accept this client_id and client_secret (HTTP 401)", "developer.tidal.com"),
        ("deezer", "x: HTTP 301, redirect to elsewhere.example refused", "base URL"),
    ],
)
def test_a_refusal_says_what_to_do(name, reason, words):
    assert words in told(platform(name), Outcome.REFUSED, reason).remedy


def test_a_known_page_that_loses_a_field_is_told_within_one_run(tmp_path):
    url = f"sqlite:///{tmp_path}/falsetto.db"
    upgrade(url)
    engine = open_database(url)
    page = ProfileSeen(id="7", name="Nova Quill", url="https://www.deezer.com/artist/7", followers=412, release_count=3)
    with writing(engine) as connection:
        record(connection, said(Target("deezer", Ask.PROFILE, "7"), page))
    engine.dispose()
    with Replay() as server:
        server.add("/artist/7", {"id": 7, "name": "Nova Quill", "link": page.url, "nb_album": 3})
        done = falsetto("platforms", "check", folder=tmp_path, platforms="deezer", deezer_base_url=server.url)
        assert done.returncode == 4, done.stdout
        assert "answers, but 7 no longer says: followers" in done.stdout


def test_status_names_what_could_not_be_read_by_field(tmp_path):
    url = f"sqlite:///{tmp_path}/falsetto.db"
    upgrade(url)
    engine = open_database(url)
    odd = [OddRow(f"row {n}", "mandatory key 'title' is missing", f'{{"id": {n}}}') for n in range(3)]
    with writing(engine) as connection:
        record(connection, said(Target("deezer", Ask.RELEASES, "7"), *odd, at=datetime.now(UTC), odd=3))
    engine.dispose()
    done = falsetto("status", folder=tmp_path, platforms="deezer")
    assert "deezer: 3 entries within a day could not be read: row: mandatory key 'title' is missing" in done.stdout
