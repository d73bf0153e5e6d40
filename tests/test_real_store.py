"""Real answers all the way into the store: by `falsetto run --once`, and one artist over four years."""

import csv
import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from crawler.journey import Journey
from crawler.suspicion.meeting import names_of
from crawler.timelapse import Timepiece
from crawler.watching.follow_up import Asking
from spiders.base.platform import Access
from spiders.spotify.platform import Spotify
from storage import frontier, roster
from storage.database import open_database, writing
from storage.facts import bindings
from storage.frontier import Wanted
from storage.models import case, change, listing, look, rejudge, release, target, track
from storage.observations import Outcome, Told
from storage.recording.record import record
from storage.targets import Ask, Target
from tests import kontinuum
from tests.clients import LAPSE, QuickGate
from tests.clients import look as asked
from tests.commands import falsetto
from tests.replay import RECORDED, WHY_SKIPPED, Replay

START = datetime(2021, 12, 1, tzinfo=UTC)
pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason=WHY_SKIPPED)


@pytest.fixture
def spotify():
    with Replay(hosts=["https://api.spotify.com"]) as server:
        credentials = {"client_id": "id", "client_secret": "secret"}
        yield server, Spotify(Access(server.url, "t@falsetto.example", "US", credentials, lapse=LAPSE), QuickGate())


def test_one_artist_over_four_years_is_never_called_removed_by_mistake(engine, spotify):
    server, client = spotify
    lists = {}
    for day in kontinuum.days():
        day.serve(server)
        at = datetime.fromisoformat(day.date).replace(tzinfo=UTC)
        lists[at] = set(day.ids)
        page = Target("spotify", Ask.RELEASES, kontinuum.ARTIST, "single", "US")
        said = asked(client, page)
        told = Told(page, tuple(said.observations), said.coverage, at, at + timedelta(minutes=1), tuple(said.payloads))
        with writing(engine) as connection:
            record(connection, told)
    with engine.connect() as connection:
        rows = connection.execute(
            select(release.c.platform_id, listing.c.first_seen_at, listing.c.last_seen_at, listing.c.removed_at).join(
                listing, listing.c.release_id == release.c.id
            )
        ).all()
        outcomes = Counter(connection.scalars(select(look.c.outcome)))
        gone = connection.execute(
            select(release.c.platform_id, change.c.changed_at)
            .select_from(change)
            .join(listing, listing.c.id == change.c.entity_id)
            .join(release, release.c.id == listing.c.release_id)
            .where(change.c.entity == "listing", change.c.field == "removed")
        ).all()
    assert len(lists) == 24
    assert outcomes == {"complete": 23, "partial": 1}
    minute = timedelta(minutes=1)
    for row in rows:
        days = sorted(at for at, ids in lists.items() if row.platform_id in ids)
        assert (row.first_seen_at, row.last_seen_at) == (days[0] + minute, days[-1] + minute)
    assert {row.platform_id for row in rows} == set().union(*lists.values())
    # Four ids were replaced for good before the second date. Nothing else was ever called removed.
    forever = {row.platform_id for row in rows if row.removed_at is not None}
    assert {platform_id for platform_id, _ in gone} == forever
    for platform_id, at in gone:
        assert all(platform_id not in ids for day, ids in lists.items() if day + minute >= at)
        before = [day for day in sorted(lists) if day + minute <= at][-2:]
        assert all(platform_id not in lists[day] for day in before)
    assert len(forever) == 4


def test_an_honest_artists_arrivals_of_four_years_open_no_case(engine, spotify):
    """Six releases came, four of them known titles under new ids, and the four old ids went: nothing to look at."""
    server, client = spotify
    with writing(engine) as connection:
        ids, _ = roster.keep_artists(connection, [roster.Monitored("k", "Kontinuum", None, 1.0, (), ())], START)
        page = roster.Standing(ids["k"], "spotify", kontinuum.ARTIST, "official", "roster", "Kontinuum")
        roster.keep_standings(connection, [page], START)
        wanted = Wanted(Target("spotify", Ask.RELEASES, kontinuum.ARTIST, "single", "US"), START, 3, (ids["k"],))
        frontier.want(connection, [wanted], START)
        names = names_of(bindings.monitored(connection))
    journey = Journey(Asking({"spotify": Spotify}, {"spotify": "US"}), names, Timepiece())
    journey.owned = {"spotify": frozenset({kontinuum.ARTIST})}
    for day in kontinuum.days():
        day.serve(server)
        at = datetime.fromisoformat(day.date).replace(tzinfo=UTC)
        with writing(engine) as connection:
            connection.execute(target.update().where(target.c.ask == "releases").values(due_at=at))
        while mine := due(engine, at):
            said = asked(client, mine)
            told = Told(mine, tuple(said.observations), said.coverage, at, at, tuple(said.payloads))
            with writing(engine) as connection:
                journey.take(connection, told, "me")
    with engine.connect() as connection:
        came = connection.scalars(select(listing.c.id).where(listing.c.new)).all()
        opened = connection.execute(select(case.c.kind, case.c.title, case.c.status, case.c.bits)).all()
        waiting = connection.scalars(select(rejudge.c.error).where(rejudge.c.error != "")).all()
    assert len(came) == 6
    assert waiting == []
    assert [row for row in opened if row.kind == "release"] == []
    assert [row for row in opened if row.status in ("open", "returned")] == []


def due(engine, at):
    """Claim the next target that is due, if there is one."""
    with writing(engine) as connection:
        found = frontier.claim(connection, "spotify", "me", at, at, timedelta(minutes=15), batch={})
    return found[0] if found else None


def test_a_miss_on_one_date_is_no_removal(engine, spotify):
    """Alive's new id is there from 2022-06-10 on; the look before, its title was missing altogether."""
    server, client = spotify
    days = {day.date: day for day in kontinuum.days()}
    for date in ("2021-12-26", "2022-05-23"):
        days[date].serve(server)
        at = datetime.fromisoformat(date).replace(tzinfo=UTC)
        page = Target("spotify", Ask.RELEASES, kontinuum.ARTIST, "single", "US")
        said = asked(client, page)
        assert said.coverage.outcome is Outcome.COMPLETE
        with writing(engine) as connection:
            record(connection, Told(page, tuple(said.observations), said.coverage, at, at, ()))
    with engine.connect() as connection:
        missed = connection.execute(
            select(release.c.title, listing.c.misses, listing.c.removed_at)
            .join(listing, listing.c.release_id == release.c.id)
            .where(listing.c.missing_since.is_not(None))
        ).all()
    assert "Alive" in {row.title for row in missed}
    assert all((row.misses, row.removed_at) == (1, None) for row in missed)


def test_a_run_against_a_replay_of_deezer_fills_the_store_with_what_the_bodies_say(tmp_path):
    bodies = RECORDED / "deezer"
    artist = json.loads((bodies / "artist-27--2022-02-09.json").read_bytes())
    pages = ["artist-27-albums--2022-01-17.json", "artist-27-albums-index-25--2022-01-17.json"]
    rows = [row for name in pages for row in json.loads((bodies / name).read_bytes())["data"]]
    with (tmp_path / "roster.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["name", "deezer"], [artist["name"], "27"]])
    with Replay(hosts=["https://api.deezer.com"], ignore=("limit",)) as server:
        server.add("/artist/27", (bodies / "artist-27--2022-02-09.json").read_bytes())
        server.add("/artist/27/albums", (bodies / pages[0]).read_bytes())
        server.add("/artist/27/albums?index=25", (bodies / pages[1]).read_bytes())
        server.answer_by(lambda asked: {"data": [], "total": 0} if asked.path == "/search/artist" else None)
        settings = {"platforms": "deezer", "deezer_base_url": server.url, "database_url": f"sqlite:///{tmp_path}/s.db"}
        assert falsetto("roster", "import", "roster.csv", folder=tmp_path, **settings).returncode == 0
        ran = falsetto("run", "--once", "--json", folder=tmp_path, **settings)
    assert ran.returncode == 0, ran.stderr
    (tally,) = json.loads(ran.stdout)["looks"].values()
    assert set(tally) == {"complete"}
    engine = open_database(settings["database_url"])
    with engine.connect() as connection:
        found = {row.platform_id: row for row in connection.execute(select(release))}
        assert {(i, r.title, r.date_raw, r.kind) for i, r in found.items()} == {
            (str(row["id"]), row["title"], row["release_date"], row["record_type"]) for row in rows
        }
        whole = select(target.c.ask).where(target.c.last_complete_at.is_not(None))
        asks = Counter(connection.scalars(whole))
        assert asks.total() == tally["complete"]
        assert (asks["profile"], asks["releases"]) == (1, 1)
        assert asks["search"] >= 1
    engine.dispose()


def test_tracks_and_identifiers_of_a_real_album_reach_the_store(engine, spotify):
    server, client = spotify
    day = replace(next(iter(kontinuum.days())))
    day.serve(server)
    at = datetime.fromisoformat(day.date).replace(tzinfo=UTC)
    raws = {}
    for path, answers in day.answers.items():
        if path.startswith("albums/") and not path.endswith("/tracks"):
            raw = json.loads(answers[-1].body)
            raws[raw["id"]] = raw
            wanted = Target("spotify", Ask.RELEASE, raw["id"], market="US")
            said = asked(client, wanted)
            with writing(engine) as connection:
                record(connection, Told(wanted, tuple(said.observations), said.coverage, at, at, ()))
    with engine.connect() as connection:
        for row in connection.execute(select(release)):
            raw = raws[row.platform_id]
            assert (row.title, row.upc_raw, row.date_raw) == (
                raw["name"],
                raw["external_ids"]["upc"],
                raw["release_date"],
            )
            assert row.gtin14 == raw["external_ids"]["upc"].zfill(14)
        durations = {tuple(row) for row in connection.execute(select(track.c.platform_id, track.c.duration_ms))}
    assert durations == {(t["id"], t["duration_ms"]) for raw in raws.values() for t in raw["tracks"]["items"]}
    assert len(raws) >= 5
