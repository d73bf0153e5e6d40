"""What a platform grants a day, and which lists are planned with what weight."""

from math import isclose

import pytest
from sqlalchemy import insert

from crawler.watching import quotas
from crawler.watching.plan import Watch, bounds, days_between, pace_for
from crawler.watching.rates import PRIOR_COUNT, PRIOR_DAYS
from crawler.watching.recheck import SUSPECT_WEIGHT
from spiders.base.platform import Access, platform
from storage import frontier
from storage.database import writing
from storage.frontier import Wanted
from storage.limits import Limit
from storage.models import budget
from storage.targets import Ask, Target
from tests import toys
from tests.journey_stage import STRANGE, arrive
from tests.say import day


def grants(batch=None, **limit):
    made = toys.toy(limits={"": Limit(**limit)}, batch=batch or {})
    return quotas.calls_a_day(made, Access())


@pytest.mark.parametrize(
    ("calls", "limit"),
    [
        (86_400.0, {"calls": 1, "window_s": 1.0}),
        (864_000.0, {"calls": 50, "window_s": 5.0}),
        (100.0, {"calls": 50, "window_s": 5.0, "per_day": 100}),
        (28_800.0, {"calls": 20, "window_s": 60.0, "per_day": 50_000}),
        (400.0, {"calls": 50, "window_s": 5.0, "per_day": 100, "batch": {Ask.RELEASES: 4}}),
        (100.0, {"calls": 50, "window_s": 5.0, "per_day": 100, "batch": {Ask.PROFILE: 4}}),
    ],
)
def test_a_day_grants_what_window_and_quota_allow_for_as_many_lists_as_one_call_answers(calls, limit):
    assert isclose(grants(**limit), calls)


AT = day(31)
DEEZER = {"deezer": platform("deezer")}


def planned(engine, platforms=DEEZER):
    access = {name: Access() for name in platforms}
    with engine.connect() as connection:
        return quotas.fresh(connection, platforms, access, AT)


def wait(weight, rate, calls):
    """How long one list waits that has a platform to itself."""
    one = Watch("deezer", 1, weight, rate)
    return days_between(one, *pace_for([one], *bounds([one], 0.9 * calls)))


def test_official_and_suspect_lists_are_planned_and_what_goes_by_tiers_is_not(engine, journey, with_past):
    with writing(engine) as connection:
        for page, section in (("d1", "appears_on"), ("d5", ""), ("i9", "")):
            name = "itunes" if page == "i9" else "deezer"
            wanted = [Wanted(Target(name, Ask.RELEASES, page, section), AT, 3, (1,))]
            frontier.want(connection, wanted, AT)
    rare = {"deezer": type("Rare", (DEEZER["deezer"],), {"rare_sections": frozenset({"appears_on"})})}
    (deezer,) = planned(engine, rare)
    assert (deezer.platform, deezer.lists) == ("deezer", 1)
    assert [group.name for group in deezer.groups] == ["calm"]
    arrive(engine, journey, with_past, 41, "Neon Fever", STRANGE, "QZXXA")
    (deezer,) = planned(engine, rare)
    assert (deezer.lists, [group.name for group in deezer.groups]) == (1, ["suspects"])


def test_every_credential_that_spends_counts_and_none_counts_as_one(engine, journey, with_past):
    (alone,) = planned(engine)
    assert alone.calls_per_day == quotas.calls_a_day(DEEZER["deezer"], Access())
    for holders in (1, 2):
        with writing(engine) as connection:
            connection.execute(insert(budget).values(platform="deezer", bucket="", holder=f"address {holders}"))
        (deezer,) = planned(engine)
        assert deezer.calls_per_day == holders * alone.calls_per_day


def test_a_list_waits_by_its_rate_and_by_what_is_known_against_its_page(engine, journey, with_past):
    poor = {"deezer": type("Poor", (DEEZER["deezer"],), {"limits": {"": Limit(1, 5.0, per_day=1)}})}
    year = PRIOR_DAYS + 365
    (deezer,) = planned(engine, poor)
    assert isclose(deezer.groups[0].median_days, wait(1.0, PRIOR_COUNT / year, 1), rel_tol=1e-6)
    arrive(engine, journey, with_past, 41, "Neon Fever", STRANGE, "QZXXA")
    (deezer,) = planned(engine, poor)
    one = deezer.groups[0].median_days
    assert isclose(one, wait(SUSPECT_WEIGHT, (PRIOR_COUNT + 1) / year, 1), rel_tol=1e-6)
