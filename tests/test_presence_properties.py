"""Whatever a platform says on its bad days, in whatever order: what is there is never new and never removed."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from storage.models import change, listing, release
from storage.observations import Absent, Outcome, Told
from tests.say import day, emptied, page_of, releases, rows, say, told
from tests.say import release as seen

EXAMPLES = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
THERE = tuple(range(1, 11))
BURST = timedelta(hours=70)  # shorter than what confirms a mass disappearance

some = st.lists(st.sampled_from(THERE), unique=True).map(tuple)
short = [o for o in Outcome if o not in (Outcome.COMPLETE, Outcome.ABSENT)]
bad_looks = st.one_of(
    st.tuples(st.sampled_from(short), some),
    st.tuples(st.just("cut"), some),
    st.tuples(st.just("half"), some.filter(lambda numbers: len(numbers) <= 5)),
    st.tuples(st.just("absent"), st.just(())),
    st.tuples(st.just("empty"), st.just(())),
    st.tuples(st.just("honest"), st.just(THERE)),
)


def a_look(kind, numbers, at):
    match kind:
        case "absent":
            return told(page_of(), Absent("p1"), at=at, outcome=Outcome.ABSENT)
        case "cut":
            dated = [seen(number, date=f"{2030 - number}-01-01") for number in sorted(numbers)]
            more = {"stop_reason": "cut", "to_end": True, "cut": True}
            return told(page_of(), *dated, at=at, outcome=Outcome.PARTIAL, **more)
        case Outcome():
            return releases(*numbers, at=at, outcome=kind, expected=10)
    return releases(*numbers, at=at, expected=len(numbers))


def words(engine):
    return [row.field for row in rows(engine, change) if row.entity == "listing"]


@EXAMPLES
@given(st.lists(st.tuples(bad_looks, st.floats(0.1, 1)), max_size=12))
def test_bad_days_never_say_removed_or_new(shared_engine, said):
    """Half lists, empty ones and absence only for less than the days that confirm them; the rest for ever."""
    engine = emptied(shared_engine)
    say(engine, releases(*THERE))
    at, honest = day(0), day(0)
    for (kind, numbers), later in said:
        at += timedelta(days=later)
        if kind in ("half", "empty") and at - honest > BURST:
            kind, numbers = "honest", THERE
        recorded = say(engine, a_look(kind, numbers, at))
        if kind == "honest":
            honest = at
        assert (recorded.new_listings, recorded.removed_listings, recorded.returned_listings) == ((), (), ())
    assert "removed" not in words(engine)
    say(engine, releases(*THERE, at=at + timedelta(days=1)))
    state = [(row.misses, row.missing_since, row.held_at, row.new) for row in rows(engine, listing)]
    assert state == [(0, None, None, False)] * len(THERE)


@EXAMPLES
@given(st.lists(st.tuples(bad_looks, st.floats(0, 1)), max_size=12), st.randoms(use_true_random=False))
def test_looks_that_come_late_or_twice_say_nothing_more(shared_engine, said, chance):
    """Half lists count as the truth here: then the newest looks, told in their order, decide alone."""
    engine = emptied(shared_engine)
    looks: list[Told] = [releases(*THERE)]
    for (kind, numbers), later in said:
        looks.append(a_look(kind, numbers, looks[-1].ended_at + timedelta(days=later, minutes=2)))
    say(engine, *looks)
    before = [tuple(row) for row in rows(engine, listing)], words(engine)
    for late in chance.sample(looks, len(looks)):
        recorded = say(engine, late)
        assert (recorded.new_listings, recorded.removed_listings, recorded.missing_listings) == ((), (), ())
    assert ([tuple(row) for row in rows(engine, listing)], words(engine)) == before


SECTIONS = ("album", "single", "compilation")
days_of_one = st.lists(st.sampled_from((*SECTIONS, None)), min_size=4, max_size=4)


@EXAMPLES
@given(st.lists(days_of_one, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_a_release_that_wanders_through_the_sections_is_never_new_or_removed(shared_engine, lives, chance):
    """In whatever order the sections are looked at; and what has really gone is removed in the end, once.

    It stays in a section for two days, in which every section is looked at once: one that moves on before that can slip
    past every look.
    """
    engine = emptied(shared_engine)
    lives = [[life[0] or "album", *[life[1] or life[0] or "album"] * 2, life[3]] for life in lives]
    stays = {section: [100 + 10 * n + k for k in range(9)] for n, section in enumerate(SECTIONS)}

    def look(section, at, place):
        numbers = [n for n, life in enumerate(lives) if place(life) == section]
        return releases(*numbers, *stays[section], at=at, section=section)

    for number in range(4):
        looked_at = chance.sample(SECTIONS, 3 if number in (0, 2) else chance.randint(1, 3))
        for hour, section in enumerate(looked_at):
            at = day(number) + timedelta(hours=hour)
            recorded = say(engine, look(section, at, lambda life, number=number: life[number]))
            assert recorded.new_listings == ()
    for number in range(4, 12):
        for hour, section in enumerate(chance.sample(SECTIONS, 3)):
            say(engine, look(section, day(number) + timedelta(hours=hour), lambda life: life[3]))
    with engine.connect() as connection:
        found = connection.execute(
            select(release.c.platform_id, listing.c.section, listing.c.removed_at, listing.c.new).join(
                listing, listing.c.release_id == release.c.id
            )
        ).all()
    state = {row.platform_id: row for row in found}
    assert len(found) == len(lives) + 27
    for number, life in enumerate(lives):
        row = state[f"r{number}"]
        assert row.new is False
        assert (row.removed_at is None) is (life[3] is not None), life
        if life[3] is not None:
            assert row.section == life[3]
    assert words(engine).count("removed") == sum(life[3] is None for life in lives)
