"""The spine: recorded whatever judgement does, judged once, one case over platforms, nothing asked in vain."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select, text

from crawler.journey import decide
from crawler.journey.savepoint import in_savepoint
from storage import groups, judging_queue
from storage.database import writing
from storage.models import census, finding, grouped_profile, listing, outbox, profile, rejudge, release, target
from storage.observations import ProfileSeen, ReleaseSeen
from storage.targets import Ask, Target
from tests.journey_stage import (
    HOME,
    PAGE,
    STRANGE,
    TITLES,
    arrive,
    cases_of,
    full,
    listed,
    take,
)
from tests.say import day


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


def test_the_full_record_of_a_recent_release_is_due_again_and_an_old_one_rests(engine, journey, with_past):
    arrive(engine, journey, with_past, 40, "Homecoming", HOME, "GBAYE", at=500, date=f"{day(490):%Y-%m-%d}")
    with engine.connect() as connection:
        asked = select(target.c.subject, target.c.due_at).where(target.c.ask == Ask.RELEASE.value)
        due = {subject: due_at for subject, due_at in connection.execute(asked) if due_at is not None}
    assert day(500) < due.pop("r40") < day(508)
    assert set(due) == {"r5", "r6", "r7"}, "the newest of the page when they were asked; the others rest"


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
