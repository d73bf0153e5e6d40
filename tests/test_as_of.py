"""What a release and a page showed on any day can be asked later, whatever happened since."""

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from storage.database import writing
from storage.facts.as_of import page_as_of, release_as_of
from storage.models import change, listing, release_line
from storage.models import release as release_table
from storage.observations import Coverage, CreditSeen, LineSeen, Outcome, Told, TrackSeen
from storage.targets import Ask, Target
from tests.say import DAY, day, emptied, page_of, release, releases, say, told

ASKED = Target("deezer", Ask.RELEASE, "r1")


def then(engine, at, number=1):
    with engine.connect() as connection:
        return release_as_of(connection, number, day(at))


def page_then(engine, at):
    with engine.connect() as connection:
        return {one.release_id: (one.section, one.state) for one in page_as_of(connection, "deezer", "p1", day(at))}


def record(at, title, label, *songs, guests=(), markets=("SE",)):
    tracks = [TrackSeen(f"t{n}", f"Song {n}", "r1", position=n) for n in songs]
    credits = (CreditSeen("Ovels", "p1"), *(CreditSeen(name, role="featured") for name in guests))
    row = release(
        1,
        title=title,
        listed_on=None,
        lines=(LineSeen("label", label),),
        credits=credits,
        markets=markets,
        explicit=True,
    )
    return told(ASKED, row, *tracks, at=at)


def test_every_day_has_its_own_truth(engine):
    say(engine, record(1, "One", "Home", 1, 2))
    say(engine, record(3, "Two", "Spam", 1, 3, guests=("Guest",), markets=("SE", "US")))
    say(engine, record(5, "Two", "Home", 1, 2))
    assert then(engine, 0) is None
    for at, title, label, songs, guests, markets in (
        (1, "One", "Home", ["t1", "t2"], [], ("SE",)),
        (2, "One", "Home", ["t1", "t2"], [], ("SE",)),
        (3, "Two", "Spam", ["t1", "t3"], ["Guest"], ("SE", "US")),
        (4, "Two", "Spam", ["t1", "t3"], ["Guest"], ("SE", "US")),
        (5, "Two", "Home", ["t1", "t2"], [], ("SE",)),
        (9, "Two", "Home", ["t1", "t2"], [], ("SE",)),
    ):
        state = then(engine, at)
        assert (state.facts["title"], state.lines, state.markets) == (title, (("label", label),), markets), at
        assert [one["platform_id"] for one in state.tracks] == songs, at
        assert [name for _, role, name in state.credits if role == "featured"] == guests, at
        assert (state.facts["explicit"], state.tracks[0]["position"]) == (True, 1)


def test_a_value_that_was_learnt_later_was_not_known_before(engine):
    say(engine, releases(1), told(page_of(), release(1, track_count=7, upc="4006381333931"), at=2))
    assert (then(engine, 1).facts["track_count"], then(engine, 1).facts["upc_raw"]) == (None, None)
    assert (then(engine, 2).facts["track_count"], then(engine, 2).facts["upc_raw"]) == (7, "4006381333931")


def test_a_page_as_it_was(engine):
    single = {"section": "single"}
    say(engine, releases(1, 2, 3, 4, **single), releases(2, section="album", at=1))
    say(engine, releases(1, 4, at=2, **single), releases(1, 4, at=3, **single))
    say(engine, releases(2, section="album", at=3), releases(1, 4, at=4, **single))
    say(engine, *(releases(at=at, **single) for at in (5, 6)), releases(1, 4, at=7, **single))
    assert page_then(engine, 0) == dict.fromkeys((1, 2, 3, 4), ("single", "listed"))
    assert page_then(engine, 1)[2] == ("album", "listed")
    assert [page_then(engine, at)[3][1] for at in range(8)] == [
        *("listed", "listed", "missing", "missing", "removed", "removed", "removed", "removed")
    ]
    assert [page_then(engine, at)[1][1] for at in (4, 5, 6, 7)] == ["listed", "held", "held", "listed"]


def test_what_is_gone_stays_gone_when_the_log_is_purged(engine):
    say(engine, record(1, "One", "Home", 1, 2), record(3, "One", "Spam", 1))
    say(engine, releases(1, 2, 3, 4), releases(1, 2, 4, at=1), releases(1, 2, 4, at=2), releases(1, 4, at=3))
    with writing(engine) as connection:
        connection.execute(change.delete())
    assert (then(engine, 4).lines, len(then(engine, 4).tracks)) == ((("label", "Spam"),), 1)
    assert len(then(engine, 2).tracks) == 2
    assert {number: state for number, (_, state) in page_then(engine, 4).items()} == {
        1: "listed",
        2: "missing",
        3: "removed",
        4: "listed",
    }


texts = st.sampled_from(["A", "B", "C"])
looks = st.lists(
    st.tuples(
        texts,
        st.lists(texts, max_size=2).map(tuple),
        st.lists(st.integers(1, 4), max_size=3, unique=True),
        st.lists(st.sampled_from(["SE", "US"]), max_size=2).map(tuple),
        st.sampled_from([Outcome.COMPLETE, Outcome.PARTIAL, Outcome.ABSENT]),
    ),
    min_size=1,
    max_size=6,
)


def now(engine):
    """What the release shows now, read plainly."""
    with engine.connect() as connection:
        title = connection.scalar(select(release_table.c.title).where(release_table.c.platform_id == "r1"))
        lines = connection.execute(
            select(release_line.c.kind, release_line.c.text).where(release_line.c.gone_at.is_(None)).order_by("id")
        )
        stood = connection.execute(select(listing.c.section, listing.c.removed_at).order_by(listing.c.id))
        return title, [tuple(line) for line in lines], [(row[0], row[1] is not None) for row in stood]


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(looks, st.randoms(use_true_random=False))
def test_the_state_of_a_day_is_what_the_store_said_on_that_day(shared_engine, said, chance: random.Random):
    engine = emptied(shared_engine)
    kept = []
    for number, (title, labels, songs, markets, outcome) in enumerate(said):
        lines = tuple(LineSeen("label", label) for label in labels)
        row = release(1, title=title, listed_on=None, lines=lines, markets=markets)
        tracks = tuple(TrackSeen(f"t{n}", title, "r1") for n in songs)
        at = day(number)
        say(engine, Told(ASKED, (row, *tracks), Coverage(outcome, stop_reason="x"), at - DAY / 100, at))
        shown = (1,) if chance.random() < 0.6 else ()
        say(engine, releases(*shown, 9, at=at + DAY / 10, section=chance.choice(["single", "album"])))
        kept.append(now(engine))
    for number, (title, lines, stood) in enumerate(kept):
        with engine.connect() as connection:
            first = connection.scalar(select(release_table.c.id).where(release_table.c.platform_id == "r1"))
            state = release_as_of(connection, first, day(number) + DAY / 10)
            page = page_as_of(connection, "deezer", "p1", day(number) + DAY / 10)
        assert (state.facts["title"], list(state.lines)) == (title, lines)
        assert [(one.section, one.state == "removed") for one in page] == stood
