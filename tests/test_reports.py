"""What an operator reads: freshness of what is live, blind fields of every platform, the roster page by page."""

from datetime import timedelta

from sqlalchemy import insert, update

from storage import frontier
from storage.database import writing
from storage.facts import reports
from storage.frontier import Wanted
from storage.models import artist, artist_alias, profile, standing, target
from storage.observations import Outcome
from storage.targets import Ask, Target
from tests.say import START, day, full_release, page_of, releases, say, search, told


def asked(engine, *, due_at=None, **where):
    with writing(engine) as connection:
        found = [target.c[name] == value for name, value in where.items()]
        connection.execute(update(target).where(*found).values(due_at=due_at))


def test_live_targets_are_told_and_those_at_rest_are_counted(engine):
    say(engine, releases(1, at=0), releases(1, profile="p2", at=2), search("Ovels", "p1", at=1))
    say(engine, told(page_of("p3"), outcome=Outcome.FAILED, at=3), full_release(1, at=1), full_release(2, at=1))
    asked(engine, ask="releases", due_at=day(5))
    asked(engine, subject="p2", due_at=day(9))
    asked(engine, ask="search", due_at=day(9))
    with engine.connect() as connection:
        found = {row["ask"]: row for row in reports.freshness(connection, day(6))}
    lists, rested = found["releases"], found["release"]
    assert (lists["targets"], lists["seen_whole"], lists["due"], lists["resting"]) == (3, 2, 2, 0)
    assert (lists["oldest_whole_look"], lists["newest_look"], lists["in_trouble"]) == (day(0), day(3), 1)
    assert (rested["targets"], rested["resting"], rested["section"]) == (0, 2, "")
    assert (found["search"]["due"], found["search"]["oldest_whole_look"]) == (0, day(1))


def test_blind_fields_are_those_of_each_platforms_newest_look_however_long_ago(engine, monkeypatch):
    for platform, at, blind in (
        ("itunes", 0, "upc"),
        ("deezer", 1, "old"),
        ("deezer", 2, "label"),
        ("tidal", 3, "isrc"),
    ):
        look = told(Target(platform, Ask.SEARCH, "Ovels"), at=at, blind=frozenset({blind}))
        say(engine, look)
    asked(engine, due_at=day(9))
    wanted = {"deezer": "label", "itunes": "upc", "tidal": "isrc"}
    with engine.connect() as connection:
        assert reports.blind_fields(connection) == wanted
        monkeypatch.setattr(reports, "RECENT", 1)  # only the newest look is among the last few
        assert reports.blind_fields(connection) == wanted


def test_the_roster_is_read_page_by_page_in_the_order_of_names(engine, monkeypatch):
    monkeypatch.setattr(reports, "PAGE", 2)
    names = ["Zoe", "Ada", "Mira", "Ada", "Bo"]
    with writing(engine) as connection:
        base = {"added_at": START, "changed_at": START}
        rows = [
            {"id": n, "key": str(n), "name": name, "name_key": name.lower(), **base} for n, name in enumerate(names, 1)
        ]
        connection.execute(insert(artist), rows)
        connection.execute(update(artist).where(artist.c.id == 5).values(merged_into=1))
        alias = {"artist_id": 3, "source": "roster", "added_at": START}
        gone = {**alias, "name": "Gone", "name_key": "gone", "ended_at": START + timedelta(days=1)}
        connection.execute(insert(artist_alias), [{**alias, "name": "Mi", "name_key": "mi", "ended_at": None}, gone])
        page = {"id": 1, "platform": "deezer", "platform_id": "p1", "name": "Mira", "name_key": "mira"}
        connection.execute(insert(profile).values(**page, first_seen_at=START, last_seen_at=START))
        said = {"standing": "official", "authority": "roster", "reason": "", "decided_at": START}
        connection.execute(insert(standing).values(profile_id=1, artist_id=3, **said))
    with engine.connect() as connection:
        found = list(reports.roster(connection))
    assert [(row["name"], row["id"]) for row in found] == [("Ada", 2), ("Ada", 4), ("Mira", 3), ("Zoe", 1)]
    assert found[2]["aliases"] == ["Mi"]
    assert [(page["platform"], page["id"], page["standing"]) for page in found[2]["profiles"]] == [
        ("deezer", "p1", "official")
    ]
    assert found[0]["profiles"] == []


def test_coverage_says_how_much_of_a_list_is_held_back(engine):
    say(engine, releases(*range(1, 51)), releases(1, 2, profile="p2"), releases(*range(31, 51), at=1))
    with writing(engine) as connection:
        base = {"key": "1", "name": "Ovels", "name_key": "ovels", "added_at": START, "changed_at": START}
        number = connection.execute(insert(artist).values(base).returning(artist.c.id)).scalar_one()
        wanted = [Wanted(page_of(one), START, 1, (number,)) for one in ("p1", "p2")]
        frontier.want(connection, wanted, START)
    with engine.connect() as connection:
        found = [(row["subject"], row["held"]) for row in reports.coverage(connection, "Ovels")]
    assert sorted(found) == [("p1", 30), ("p2", 0)]
