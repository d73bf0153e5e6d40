"""The spine: recorded whatever judgement does, judged once, one case over platforms, nothing asked in vain."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select, text

from crawler.journey import Journey, decide
from crawler.journey.savepoint import in_savepoint
from crawler.suspicion.meeting import names_of
from crawler.timelapse import Timepiece
from crawler.watching.follow_up import Asking
from spiders.base.platform import platform
from storage import frontier, groups, judging_queue, roster
from storage.database import writing
from storage.facts import bindings
from storage.frontier import Wanted
from storage.models import case, census, finding, grouped_profile, listing, outbox, profile, rejudge, release, target
from storage.observations import Coverage, CreditSeen, LineSeen, Outcome, ProfileSeen, ReleaseSeen, Told, TrackSeen
from storage.targets import Ask, Target
from tests.say import day

PLATFORMS = ("deezer", "itunes", "musicbrainz")
HOME, STRANGE = "Paper Lantern Records", "Hollow Coin Music"


@pytest.fixture
def journey(engine) -> Iterator[Journey]:
    """A journey with one artist whose pages on two platforms are known."""
    asking = Asking({name: platform(name) for name in PLATFORMS}, {})
    with writing(engine) as connection:
        ids, _ = roster.keep_artists(connection, [roster.Monitored("k", "Ada Quillfeather", None, 1.0, (), ())], day(0))
        pages = [roster.Standing(ids["k"], p, p[0] + "1", "official", "roster", "Ada Quillfeather") for p in PLATFORMS]
        roster.keep_standings(connection, pages[:2], day(0))
        monitored, owned = bindings.monitored(connection), bindings.owned(connection)
    made = Journey(asking, names_of(monitored), Timepiece())
    made.owned = owned
    return made


def take(engine, journey, target, *observations, at, **coverage):
    """Bring one look on its way as a lane does: wanted, claimed, taken."""
    coverage.setdefault("outcome", Outcome.COMPLETE)
    with writing(engine) as connection:
        frontier.want(connection, [Wanted(target, day(at), artists=(1,))], day(at))
        connection.execute(frontier_due(target, day(at)))
        claimed = frontier.claim(
            connection, target.platform, "w", day(at), day(at), timedelta(hours=1), batch={}, calls=1
        )
        (mine,) = [one for one in claimed if one == target]
        told = Told(mine, observations, Coverage(stop_reason="end", **coverage), day(at), day(at))
        return journey.take(connection, told, "w")


def frontier_due(asked, at):
    return (
        target.update()
        .where(target.c.platform == asked.platform, target.c.ask == asked.ask.value, target.c.subject == asked.subject)
        .values(due_at=day(-4000), priority=0, lease_owner=None, lease_until=None)
    )


def listed(number, title, date="2019-05-03", page="d1", **more):
    return ReleaseSeen(f"r{number}", title, date=date, kind="album", listed_on=page, **more)


def full(number, title, label, registrant, date="2019-05-03", tracks=8, upc=None):
    mine = (CreditSeen("Ada Quillfeather", "d1"),)
    yield ReleaseSeen(
        f"r{number}", title, date=date, kind="album", upc=upc, lines=(LineSeen("label", label),), credits=mine,
        track_count=tracks,
    )  # fmt: skip
    for n in range(1, tracks + 1):
        yield TrackSeen(f"t{number}-{n}", f"{title} {n}", f"r{number}", position=n, duration_ms=200_000 + n,
                        isrc=f"{registrant}19{number:03}{n:02}", credits=mine)  # fmt: skip


PAGE = Target("deezer", Ask.RELEASES, "d1")
TITLES = ["Salt Hours", "Lower Garden", "The Winter Ledger", "Kindling", "Small Cartography", "Aftersun", "Tidewater"]


@pytest.fixture
def with_past(engine, journey):
    """Seven albums on one home label stand there at the first whole look."""
    rows = [listed(n, title) for n, title in enumerate(TITLES, 1)]
    take(engine, journey, PAGE, *rows, at=0, received=len(rows))
    for n, title in enumerate(TITLES, 1):
        about = Target("deezer", Ask.RELEASE, f"r{n}")
        take(engine, journey, about, *full(n, title, HOME, "GBAYE", upc=f"50600000000{n:02}"), at=0)
    return rows


def arrive(engine, journey, with_past, number, title, label, registrant, at=30, date="2026-01-30"):
    rows = [*with_past, listed(number, title, date=date)]
    take(engine, journey, PAGE, *rows, at=at, received=len(rows))
    about = Target("deezer", Ask.RELEASE, f"r{number}")
    return take(engine, journey, about, *full(number, title, label, registrant, date=date), at=at + 0.1)


def cases_of(engine):
    with engine.connect() as connection:
        return connection.execute(select(case).order_by(case.c.id)).all()


def case_file_of(engine, case_id):
    with engine.connect() as connection:
        query = select(profile.c.platform).join(finding, finding.c.profile_id == profile.c.id)
        return connection.execute(query.where(finding.c.case_id == case_id)).mappings().all()


def test_what_stood_there_at_the_first_look_is_no_case(engine, journey, with_past):
    assert cases_of(engine) == []
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(listing)) == len(TITLES)


def test_an_ordinary_release_on_home_codes_is_an_arrival_and_no_case(engine, journey, with_past):
    arrive(engine, journey, with_past, 40, "Homecoming", HOME, "GBAYE")
    assert cases_of(engine) == []
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).where(listing.c.new)) == 1


def test_a_release_by_strange_hands_is_a_case_with_its_reasons_and_its_parts_add_up(engine, journey, with_past):
    arrive(engine, journey, with_past, 41, "Neon Fever", STRANGE, "QZXXA")
    (found,) = cases_of(engine)
    assert (found.kind, found.status, found.title) == ("release", "open", "Neon Fever")
    parts = json.loads(found.evidence)
    assert found.bits == pytest.approx(sum(part["bits"] for part in parts), abs=0.01)
    assert any(STRANGE in part["because"] for part in parts)


def test_one_event_on_two_platforms_is_one_case(engine, journey, with_past):
    arrive(engine, journey, with_past, 41, "Neon Fever", STRANGE, "QZXXA")
    other = Target("itunes", Ask.RELEASES, "i1")
    old = [ReleaseSeen(f"{n}", f"{title}", date="2019-05-03", listed_on="i1") for n, title in enumerate(TITLES, 100)]
    take(engine, journey, other, *old, at=0.5, received=len(old))
    fake = ReleaseSeen("900", "Neon Fever - Single", date="2026-01-30T08:00:00Z", listed_on="i1", kind="album")
    take(engine, journey, other, *old, fake, at=31, received=len(old) + 1)
    assert len(cases_of(engine)) == 1
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(finding)) == 2


@pytest.mark.parametrize(("seen_before", "opened"), [(0, 1), (20, 0)])
def test_what_came_to_one_store_is_news_though_another_is_looked_at_for_the_first_time(
    engine, journey, with_past, seen_before, opened
):
    other = Target("itunes", Ask.RELEASES, "i1")
    row = ReleaseSeen("i40", "Neon Fever", date="2026-01-30", kind="album", listed_on="i1", upc="0999000000009")
    take(engine, journey, other, row, at=30 - seen_before, received=1)
    rows = [*with_past, listed(40, "Neon Fever", date="2026-01-30")]
    take(engine, journey, PAGE, *rows, at=30, received=len(rows))
    about = Target("deezer", Ask.RELEASE, "r40")
    record = full(40, "Neon Fever", STRANGE, "QZXXA", date="2026-01-30", upc="0999000000009")
    take(engine, journey, about, *record, at=30.1)
    assert [found.kind for found in cases_of(engine)] == ["release"] * opened


def test_the_same_look_again_says_nothing_new(engine, journey, with_past):
    arrive(engine, journey, with_past, 41, "Neon Fever", STRANGE, "QZXXA")
    with engine.connect() as connection:
        before = connection.scalar(select(func.count()).select_from(outbox))
    about = Target("deezer", Ask.RELEASE, "r41")
    for n in (1, 2):
        take(engine, journey, about, *full(41, "Neon Fever", STRANGE, "QZXXA", date="2026-01-30"), at=31 + n)
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(outbox)) == before


def test_what_was_heard_is_kept_when_judging_fails_and_judged_by_the_next_rules(
    engine, journey, with_past, monkeypatch
):
    def poisoned(*_, **__):
        raise ValueError("a name that anybody can choose\x00")

    with monkeypatch.context() as patched:
        patched.setattr(decide, "judge", poisoned)
        arrive(engine, journey, with_past, 41, "Neon Fever", STRANGE, "QZXXA")
    assert journey.unjudged
    assert cases_of(engine) == []
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).where(release.c.platform_id == "r41")) == 1
        assert judging_queue.unjudged(connection) > 0
        assert "ValueError: a name that anybody can choose" in connection.scalar(
            select(rejudge.c.error).where(rejudge.c.kind == judging_queue.LOOK)
        )
    monkeypatch.setattr(decide, "RULES", "the next")
    with writing(engine) as connection:
        while journey.catch_up(connection):
            pass
        assert judging_queue.unjudged(connection) == 0
    assert [found.title for found in cases_of(engine)] == ["Neon Fever"]


def test_what_older_rules_judged_is_judged_once_by_new_ones(engine, journey, with_past, monkeypatch):
    def catch_up():
        with writing(engine) as connection:
            while journey.catch_up(connection):
                pass
            return connection.execute(select(census.c.rule_version)).scalars().all()

    arrive(engine, journey, with_past, 41, "Neon Fever", STRANGE, "QZXXA")
    before = catch_up()
    assert set(before) == {decide.RULES}
    monkeypatch.setattr(decide, "judge", lambda *_, **__: pytest.fail("judged again by the same rules"))
    catch_up()
    monkeypatch.undo()
    monkeypatch.setattr(decide, "RULES", "the next")
    assert set(catch_up()) == {"the next"}
    assert [found.rule_version for found in cases_of(engine)] == ["the next"]
    monkeypatch.undo()
    assert set(catch_up()) == {"the next"}, "the older worker beside it does not judge everything back"


def test_a_page_that_takes_the_name_after_the_first_search_is_a_case_and_one_that_was_there_is_census(engine, journey):
    search = Target("deezer", Ask.SEARCH, "Ada Quillfeather")
    mine = ProfileSeen("d1", "Ada Quillfeather", followers=90_000, release_count=12, position=1)
    old = ProfileSeen("d7", "Ada Quillfeather", followers=3, release_count=1, position=2)
    take(engine, journey, search, mine, old, at=0, received=2)
    assert cases_of(engine) == []
    new = ProfileSeen("d8", "Adа Quillfeather", followers=2, release_count=1, position=3)
    take(engine, journey, search, mine, old, new, at=20, received=3)
    assert [(found.kind, found.title) for found in cases_of(engine)] == [("profile", "Adа Quillfeather")]


def test_a_page_that_a_search_begins_to_show_is_judged_by_the_titles_it_carries(engine, journey, with_past):
    search = Target("deezer", Ask.SEARCH, "Ada Quillfeather")
    mine = ProfileSeen("d1", "Ada Quillfeather", followers=90_000, release_count=12, position=1)
    take(engine, journey, search, mine, at=0, received=1)
    names = {"d8": "Quillfeather Parade", "d9": "Quillfeather", "d10": "Bea Parade"}
    near = [ProfileSeen(page, name, followers=900, position=2) for page, name in names.items()]
    take(engine, journey, search, mine, *near, at=20, received=4)
    assert cases_of(engine) == []
    with engine.connect() as connection:
        asked = connection.execute(select(target.c.subject).where(target.c.ask == Ask.RELEASES.value)).scalars().all()
    assert {*asked} & {*names} == {"d8", "d9"}, "the third shares no word with the name"
    for page, titles in (("d8", ["Salt Glass", "Harbour"]), ("d9", TITLES[:4])):
        rows = [listed(f"{page}-{n}", title, page=page) for n, title in enumerate(titles)]
        take(engine, journey, Target("deezer", Ask.RELEASES, page), *rows, at=21, received=len(rows))
    assert [(found.kind, found.title, found.attack) for found in cases_of(engine)] == [("profile", "Quillfeather", "F")]


@pytest.mark.parametrize(("followers", "opened"), [(11, 1), (60_000, 0)])
def test_who_puts_the_name_on_a_release_is_asked_who_they_are(engine, journey, with_past, followers, opened):
    credits = (CreditSeen("Bea Parade", "d8"), CreditSeen("Ada Quillfeather", "d1", role="featured"))
    guest = ReleaseSeen("r50", "Glass", date="2026-01-30", kind="single", credits=credits)
    row = replace(guest, listed_on="d1", section="appears_on")
    take(engine, journey, PAGE, *with_past, row, at=30, received=len(with_past) + 1)
    record = replace(guest, lines=(LineSeen("label", STRANGE),))
    take(engine, journey, Target("deezer", Ask.RELEASE, "r50"), record, at=30.1)
    assert cases_of(engine) == []
    with engine.connect() as connection:
        asked = connection.execute(select(target.c.subject).where(target.c.ask == Ask.PROFILE.value)).scalars().all()
    assert asked == ["d8"]
    leader = ProfileSeen("d8", "Bea Parade", followers=followers, release_count=1)
    take(engine, journey, Target("deezer", Ask.PROFILE, "d8"), leader, at=30.2)
    assert [(found.kind, found.title) for found in cases_of(engine)] == [("release", "Glass")] * opened


def test_the_census_ranks_what_stood_there_and_puts_the_foreign_release_first(engine, journey):
    rows = [listed(n, title) for n, title in enumerate([*TITLES, "Neon Fever"], 1)]
    take(engine, journey, PAGE, *rows, at=0, received=len(rows))
    for n, title in enumerate(TITLES, 1):
        take(engine, journey, Target("deezer", Ask.RELEASE, f"r{n}"), *full(n, title, HOME, "GBAYE"), at=0)
    strange = Target("deezer", Ask.RELEASE, f"r{len(rows)}")
    take(engine, journey, strange, *full(len(rows), "Neon Fever", STRANGE, "QZXXA"), at=0)
    with writing(engine) as connection:
        while journey.catch_up(connection):
            pass
        first = connection.execute(select(census).order_by(census.c.place)).first()
    assert (first.place, first.title) == (1, "Neon Fever")
    assert cases_of(engine) == []


def test_an_official_release_that_disappears_is_an_event_of_its_own_and_clears_when_it_is_back(
    engine, journey, with_past
):
    short = with_past[:-1]
    for at in (10, 11):
        take(engine, journey, PAGE, *short, at=at, received=len(short))
    assert [(found.kind, found.title, found.status) for found in cases_of(engine)] == [
        ("disappearance", TITLES[-1], "open")
    ]
    take(engine, journey, PAGE, *with_past, at=12, received=len(with_past))
    assert [found.status for found in cases_of(engine)] == ["cleared"]


def test_what_goes_from_one_store_and_stays_on_another_is_loud_and_what_its_owner_withdraws_everywhere_is_not(
    engine, journey, with_past
):
    other = Target("itunes", Ask.RELEASES, "i1")
    there = [listed(n, title, page="i1") for n, title in enumerate(TITLES, 1)]
    take(engine, journey, other, *there, at=0.1, received=len(there))
    one, both = with_past[:-1], with_past[:-2]
    for at in (10, 11):
        take(engine, journey, other, *there, at=at + 0.2, received=len(there))
        take(engine, journey, PAGE, *one, at=at + 0.5, received=len(one))
    (complained,) = cases_of(engine)
    assert (complained.title, complained.loud) == (TITLES[-1], True)
    assert "still on itunes" in str(complained.evidence)
    rest = [one for one in there if one.id != f"r{len(TITLES) - 1}"]
    for at in (20, 21):
        take(engine, journey, PAGE, *both, at=at, received=len(both))
        take(engine, journey, other, *rest, at=at + 0.1, received=len(rest))
    (withdrawn,) = [found for found in cases_of(engine) if found.title == TITLES[-2]]
    assert (withdrawn.status, withdrawn.loud) == ("open", False)
    assert {row["platform"] for row in case_file_of(engine, withdrawn.id)} == {"deezer", "itunes"}


def test_an_official_page_whose_name_changes_is_an_event(engine, journey):
    about = Target("deezer", Ask.PROFILE, "d1")
    take(engine, journey, about, ProfileSeen("d1", "Ada Quillfeather", image_url="https://x.example/1"), at=0)
    take(engine, journey, about, ProfileSeen("d1", "Ada Quillfeather", image_url="https://x.example/1"), at=5)
    assert cases_of(engine) == []
    take(engine, journey, about, ProfileSeen("d1", "Neon Prophet", image_url="https://x.example/2"), at=9)
    assert [found.kind for found in cases_of(engine)] == ["tampering"]


def test_the_first_look_at_a_page_that_only_a_link_named_before_changes_nothing(engine, journey):
    about, there = Target("deezer", Ask.PROFILE, "d1"), {"url": "https://www.deezer.com/artist/d1"}
    take(engine, journey, about, ProfileSeen("d1", "Ada Quillfeather (エイダ)", **there), at=0)
    assert cases_of(engine) == []
    take(engine, journey, about, ProfileSeen("d1", "Neon Prophet", **there), at=9)
    assert [found.kind for found in cases_of(engine)] == ["tampering"]


def test_a_case_that_its_full_record_explains_is_taken_back_and_says_so(engine, journey, with_past, monkeypatch):
    monkeypatch.setattr(decide, "DETAILS_TAKE", timedelta(0))  # as if the record had been late
    rows = [*with_past, listed(40, "Homecoming", date="2026-01-30")]
    take(engine, journey, PAGE, *rows, at=30, received=len(rows))
    (found,) = cases_of(engine)
    assert found.status == "open"
    about = Target("deezer", Ask.RELEASE, "r40")
    take(engine, journey, about, *full(40, "Homecoming", HOME, "GBAYE", date="2026-01-30"), at=31)
    (found,) = cases_of(engine)
    assert (found.status, found.reopened_because) == ("cleared", "what opened it no longer speaks against it")


@pytest.mark.parametrize("store_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_what_two_workers_group_at_once_is_grouped_once_and_judged_by_both(engine, journey):
    search = Target("deezer", Ask.SEARCH, "Ada Quillfeather")
    take(engine, journey, search, ProfileSeen("d1", "Ada Quillfeather", position=1), at=0, received=1)
    with writing(engine) as connection:
        connection.execute(grouped_profile.delete())
        page = connection.scalar(select(profile.c.id))

    def group(connection):
        return groups.group_profiles(connection, {(page,): "alone"}, day(1))

    def second():
        with writing(engine) as connection:
            return in_savepoint(connection, partial(group, connection))

    with ThreadPoolExecutor(1) as beside, writing(engine) as connection:
        first = group(connection)
        waits = beside.submit(second)
        while not connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            assert not waits.done(), waits.result()
    assert first.changed
    assert not waits.result().changed
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(grouped_profile)) == 1
