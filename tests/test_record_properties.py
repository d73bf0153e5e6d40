"""What holds for every look that can be recorded."""

import random
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from storage.models import metadata, profile
from storage.normalize import clean_text
from storage.observations import (
    Absent,
    AiSeen,
    Coverage,
    CreditSeen,
    IdentitySeen,
    LineSeen,
    Outcome,
    ProfileSeen,
    Redirected,
    ReleaseSeen,
    Told,
    TrackSeen,
)
from storage.targets import Ask, Target
from tests.say import day, dump, emptied, rows, say, told

texts = st.one_of(
    st.sampled_from(["a", "b", "Ovels", "ガ", "", "x\x00"]), st.text(st.characters(exclude_categories=()), max_size=6)
)
ids = st.sampled_from(["1", "2", "3"])
maybe = st.none()
credits_seen = st.lists(
    st.builds(CreditSeen, texts, maybe | ids, st.sampled_from(["main", "featured"])), max_size=3
).map(tuple)
observed = st.one_of(
    st.builds(
        ProfileSeen, ids, texts, url=maybe | texts, followers=maybe | st.integers(), genres=maybe | st.tuples(texts)
    ),
    st.builds(
        ReleaseSeen,
        ids,
        texts,
        date=maybe | st.sampled_from(["2009", "2009-05-31", "0000", "x"]),
        upc=maybe | texts,
        track_count=maybe | st.integers(0, 30),
        explicit=maybe | st.booleans(),
        lines=maybe | st.tuples(st.builds(LineSeen, st.sampled_from(["p", "c"]), texts)),
        credits=maybe | credits_seen,
        markets=maybe | st.lists(st.sampled_from(["SE", "US"]), max_size=2).map(tuple),
        ai=maybe | st.builds(AiSeen, st.just("tag"), st.sampled_from(["yes", "no"])),
        listed_on=maybe | ids,
        section=st.sampled_from(["", "album"]),
    ),
    st.builds(
        TrackSeen, ids, texts, ids, isrc=maybe | texts, duration_ms=maybe | st.integers(), credits=maybe | credits_seen
    ),
    st.builds(IdentitySeen, texts, ids, texts, st.just("t"), st.booleans()),
    st.builds(Redirected, ids, ids),
    st.builds(Absent, ids),
)


def looks(subjects=ids, observations=observed):
    return st.builds(
        lambda what, subject, seen, outcome, at: Told(
            Target("deezer", what, subject),
            tuple(seen),
            Coverage(outcome, received=len(seen)),
            day(at) - timedelta(1),
            day(at),
        ),
        st.sampled_from(list(Ask)),
        subjects,
        st.lists(observations, max_size=6),
        st.sampled_from(list(Outcome)),
        st.integers(0, 5),
    )


EXAMPLES = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])


@EXAMPLES
@given(st.lists(looks(), min_size=1, max_size=4))
def test_recording_anything_again_changes_only_clocks(shared_engine, said):
    engine = emptied(shared_engine)
    said.sort(key=lambda one: one.ended_at)
    say(engine, *said)
    before = dump(engine, metadata)
    say(engine, said[-1])
    after = dump(engine, metadata)
    for name in before:
        if name != "look":
            assert after[name] == before[name], name
    assert len(after["look"]) == len(before["look"]) + 1


BY_NATURE = [
    "SELECT platform_id, name, url, followers FROM profile",
    "SELECT platform_id, title, date_raw, gtin14, explicit, first_seen_at, last_seen_at FROM release",
    'SELECT "release", track, credited_as, role, position, first_seen_at, last_seen_at FROM v1_credits',
    "SELECT r.platform_id, l.kind, l.text, l.text_key FROM release_line l JOIN release r ON r.id = l.release_id",
    'SELECT p.platform_id, r.platform_id, l.section, l."new", l.misses, l.removed_at FROM listing l '
    "JOIN profile p ON p.id = l.profile_id JOIN release r ON r.id = l.release_id",
    "SELECT ask, subject, last_outcome, last_look_at, baseline_at, failures FROM target",
]


def by_nature(engine):
    """The catalogue by the platforms' own ids: the order of recording decides our ids, and nothing else."""
    with engine.connect() as connection:
        return [set(connection.execute(text(query))) for query in BY_NATURE]


def about(number):
    """Looks that speak of things nobody else speaks of."""
    mine = st.just(f"only-{number}")
    line = st.tuples(st.builds(LineSeen, st.just("p"), texts))
    unshared = st.one_of(
        st.builds(ProfileSeen, mine, texts, followers=maybe | st.integers(0, 9)),
        st.builds(ReleaseSeen, mine, texts, date=maybe | texts, listed_on=maybe | mine, lines=maybe | line),
        st.builds(TrackSeen, mine, texts, mine, credits=maybe | st.tuples(st.builds(CreditSeen, texts))),
    )
    return looks(mine, unshared)


@EXAMPLES
@given(st.tuples(*(about(number) for number in range(4))), st.randoms(use_true_random=False))
def test_the_order_of_looks_at_different_things_does_not_matter(shared_engine, said, chance: random.Random):
    said = list(said)
    say(emptied(shared_engine), *said)
    first = by_nature(shared_engine)
    chance.shuffle(said)
    say(emptied(shared_engine), *said)
    assert by_nature(shared_engine) == first


@EXAMPLES
@given(
    st.lists(
        st.builds(ProfileSeen, ids, texts, url=maybe | texts, followers=maybe | st.integers(0, 9)),
        min_size=1,
        max_size=3,
    ),
    st.permutations(range(3)),
)
def test_the_newest_fact_stands_whatever_order_looks_arrive_in(shared_engine, seen, order):
    engine = emptied(shared_engine)
    said = [told(Target("deezer", Ask.PROFILE, "1"), seen[n % len(seen)], at=n) for n in range(3)]
    say(engine, *(said[n] for n in order))
    newest = {}
    for one in said:
        for o in one.observations:
            newest[o.id] = o.name
    assert {r.platform_id: r.name for r in rows(engine, profile)} == {k: clean_text(v)[0] for k, v in newest.items()}
