"""What much of the store uses joins no two artists, and what a person took apart is not joined at the next look."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from crawler.journey import Journey, cutting
from crawler.suspicion.meeting import names_of
from crawler.timelapse import Timepiece
from crawler.watching.follow_up import Asking
from spiders.base.platform import platform
from storage import frontier, roster
from storage.database import writing
from storage.facts import bindings, hubs, members
from storage.frontier import Wanted
from storage.models import campaign, case, finding, release, target
from storage.normalize import line_key
from storage.observations import Coverage, CreditSeen, LineSeen, Outcome, ReleaseSeen, Told, TrackSeen
from storage.targets import Ask, Target
from tests.say import day

VICTIMS = ("Ada Quillfeather", "Bea Thornbury")
CROWD = 40
HUB, STRANGE = "Everybody Distribution", "Hollow Coin Music"
PAST = ("Salt Hours", "Lower Garden", "Kindling", "Aftersun")


@pytest.fixture
def journey(engine):
    """Two artists with a past on labels of their own, among many who have nothing to do with them."""
    people = [*VICTIMS, *(f"Passerby {n}" for n in range(CROWD))]
    with writing(engine) as connection:
        monitored = [roster.Monitored(name, name, None, 1.0, (), ()) for name in people]
        ids, _ = roster.keep_artists(connection, monitored, day(0))
        pages = [
            roster.Standing(ids[name], "deezer", f"d{n}", "official", "roster", name) for n, name in enumerate(people)
        ]
        roster.keep_standings(connection, pages, day(0))
        known, owned = bindings.monitored(connection), bindings.owned(connection)
    made = Journey(Asking({"deezer": platform("deezer")}, {}), names_of(known), Timepiece(origin=day(31)))
    made.owned = owned
    for n in range(2):
        take(engine, made, Target("deezer", Ask.RELEASES, f"d{n}"), *past(n), at=0)
        for one in past(n):
            take(engine, made, Target("deezer", Ask.RELEASE, one.id), *full(n, one.id, one.title), at=0)
    return made


def take(engine, journey, asked, *observations, at):
    """Bring one whole look on its way as a lane does."""
    with writing(engine) as connection:
        frontier.want(connection, [Wanted(asked, day(at), artists=(1,))], day(at))
        connection.execute(target.update().values(due_at=day(4000), lease_owner=None, lease_until=None))
        connection.execute(target.update().where(target.c.subject == asked.subject).values(due_at=day(-1)))
        due = frontier.claim(connection, "deezer", "w", day(at), day(at), timedelta(hours=1), batch={}, calls=1)
        (mine,) = [one for one in due if one == asked]
        whole = Coverage(stop_reason="end", outcome=Outcome.COMPLETE, received=len(observations))
        journey.take(connection, Told(mine, observations, whole, day(at), day(at)), "w")


def past(n):
    return [
        ReleaseSeen(f"p{n}{k}", title, date="2019-05-03", kind="album", listed_on=f"d{n}")
        for k, title in enumerate(PAST)
    ]


def full(n, number, title, label=None, registrant=None, date="2019-05-03", upc=None, beside=None):
    mine = (CreditSeen(VICTIMS[n], f"d{n}"),)
    lines = (LineSeen("label", label or f"Home {n} Records"),)
    if beside is not None:
        lines = (*lines, LineSeen("p", beside))
    yield ReleaseSeen(number, title, date=date, kind="album", lines=lines, credits=mine, track_count=4, upc=upc)
    for k in range(1, 5):
        isrc = f"{registrant or f'GBAY{n}'}19{sum(map(ord, number)):03}{k:02}"
        yield TrackSeen(
            f"{number}-{k}", f"{title} {k}", number, position=k, duration_ms=200_000 + k, isrc=isrc, credits=mine
        )


def on_pages_of_many(engine, journey, label):
    """Have the others' pages show releases of a label at their first look."""
    for n in range(2, CROWD + 2):
        one = ReleaseSeen(f"o{n}", f"Day {n}", date="2019-05-03", lines=(LineSeen("label", label),), listed_on=f"d{n}")
        take(engine, journey, Target("deezer", Ask.RELEASES, f"d{n}"), one, at=0)


def strange_on_both(engine, journey, label):
    """Have a release of a label that is new to both come up on each page; return the cases."""
    for n, title in enumerate(("Neon Fever", "Glass Mile")):
        new = ReleaseSeen(f"n{n}", title, date="2026-01-30", kind="album", listed_on=f"d{n}")
        take(engine, journey, Target("deezer", Ask.RELEASES, f"d{n}"), *past(n), new, at=30)
        record = full(n, f"n{n}", title, label, f"QZXY{n}", date="2026-01-30")
        take(engine, journey, Target("deezer", Ask.RELEASE, f"n{n}"), *record, at=30.1)
    with engine.connect() as connection:
        opened = connection.scalars(select(case.c.id).order_by(case.c.id)).all()
    assert len(opened) == 2
    return opened


def sweep(engine, journey):
    """Look for waves as the worker does, and judge what waits."""
    with engine.connect() as connection:
        found = journey.look_for_waves(connection)
    with writing(engine) as connection:
        journey.keep_waves(connection, found)
    journey.follow_waves(found)
    with writing(engine) as connection:
        while journey.catch_up(connection):
            pass
    return found.waves


def raised(engine):
    """List the cases that a campaign raises."""
    with engine.connect() as connection:
        rows = connection.execute(select(case.c.id, case.c.evidence).order_by(case.c.id)).all()
    return [row.id for row in rows if any(part["signal"] == "campaign" for part in json.loads(row.evidence))]


def test_a_label_that_only_the_two_share_makes_a_wave_and_raises_both(engine, journey):
    opened = strange_on_both(engine, journey, STRANGE)
    assert sorted(sweep(engine, journey)) == opened
    assert raised(engine) == opened


def test_one_release_that_credits_both_is_no_wave_and_two_of_its_kind_are(engine, journey):
    both = tuple(CreditSeen(name, f"d{n}") for n, name in enumerate(VICTIMS))

    def together(numbers, at):
        new = [ReleaseSeen(f"c{k}", f"Mile {k}", date="2026-01-30", kind="album") for k in numbers]
        for n in range(2):
            listed = [replace(one, listed_on=f"d{n}") for one in new]
            take(engine, journey, Target("deezer", Ask.RELEASES, f"d{n}"), *past(n), *listed, at=at)
        for one in new:
            record = full(0, one.id, one.title, STRANGE, "QZXY0", date="2026-01-30")
            told = [replace(seen, credits=both) for seen in record]
            take(engine, journey, Target("deezer", Ask.RELEASE, one.id), *told, at=at + 0.1)

    together([0], 30)
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(case)) == 2
    assert sweep(engine, journey) == {}
    together([0, 1], 30.5)
    assert len(sweep(engine, journey)) == 4


def test_an_honest_distributor_that_many_unrelated_artists_use_raises_nobody(engine, journey):
    on_pages_of_many(engine, journey, HUB)
    strange_on_both(engine, journey, HUB)
    assert sweep(engine, journey) == {}
    assert raised(engine) == []
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(campaign)) == 0


def test_each_shared_value_is_counted_for_itself(engine, journey):
    on_pages_of_many(engine, journey, HUB)
    strange_on_both(engine, journey, STRANGE)
    for n in range(2):
        record = full(n, f"n{n}", "Neon Fever", STRANGE, f"QZXY{n}", date="2026-01-30", beside=HUB)
        take(engine, journey, Target("deezer", Ask.RELEASE, f"n{n}"), *record, at=30.2)
    with engine.connect() as connection:
        counted = hubs.spread(connection, members.suspects(connection, day(29)))
    assert counted["line", line_key(HUB)] == CROWD
    assert counted["line", line_key(STRANGE)] == 0


def test_what_is_home_for_each_artist_is_left_out_for_no_other_and_asked_for_all_at_once(engine, journey):
    opened = strange_on_both(engine, journey, STRANGE)
    for n in range(2):
        record = full(n, f"n{n}", "Neon Fever", STRANGE, f"QZXY{n}", date="2026-01-30", beside="Home 0 Records")
        take(engine, journey, Target("deezer", Ask.RELEASE, f"n{n}"), *record, at=30.2)
    asked = []
    with writing(engine) as connection:
        event.listen(connection, "before_cursor_execute", lambda *said: asked.append(said[2]))
        both = {one.artist: one for one in members.suspects(connection, day(29))}
        for_two = asked[:]
        connection.execute(case.update().where(case.c.id == opened[1]).values(status="cleared"))
        asked.clear()
        assert [one.case for one in members.suspects(connection, day(29))] == opened[:1]
    assert len(asked) == len(for_two)
    assert [both[n].lines for n in (1, 2)] == [{line_key(STRANGE)}, {line_key(STRANGE), line_key("Home 0 Records")}]
    assert {isrc[:5] for isrc in both[1].isrcs} == {"QZXY0"}


def test_a_tie_that_a_person_cut_stays_cut_at_the_next_look(engine, journey):
    shared = [
        ReleaseSeen(f"n{n}", "Neon Fever", date="2026-01-30", upc="5060000000017", kind="album", listed_on="d0")
        for n in (0, 1)
    ]
    take(engine, journey, Target("deezer", Ask.RELEASES, "d0"), *past(0), *shared, at=30)
    take(engine, journey, Target("deezer", Ask.RELEASES, "d1"), *past(1), replace(shared[1], listed_on="d1"), at=30)
    for n in (0, 1):
        record = full(n, f"n{n}", "Neon Fever", STRANGE, f"QZXY{n}", date="2026-01-30", upc="5060000000017")
        take(engine, journey, Target("deezer", Ask.RELEASE, f"n{n}"), *record, at=30.1)
    mine, hers = cases_with(engine, "n0")[0], cases_with(engine, "n1")[-1]
    assert {mine, hers} <= sweep(engine, journey).keys()
    with writing(engine) as connection:
        said = cutting.part(connection, mine, "deezer:n0", "ana", day(31))
    assert "apart from 1 others" in said
    for _ in range(2):
        assert not {mine, hers} & sweep(engine, journey).keys()
    assert raised(engine) == []


def cases_with(engine, number):
    """List the cases that bind a release."""
    bound = select(finding.c.case_id).join(release, release.c.id == finding.c.release_id)
    with engine.connect() as connection:
        return sorted(set(connection.scalars(bound.where(release.c.platform_id == number))))
