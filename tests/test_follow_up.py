"""What an answer makes worth asking next: details of what was shown for the first time, news first."""

import pytest
from sqlalchemy.util import immutabledict

from crawler.watching.follow_up import BASELINE, NEWS, Asking, details
from spiders.base.platform import Platform
from storage.targets import Ask, Target
from tests.say import START

SHOWN = [("r1", True), ("r2", False)]


class Store(Platform):
    name = "store"
    accepts = frozenset({Ask.RELEASES, Ask.RELEASE})
    rare_sections = frozenset({"guest"})


class Lists(Store):
    accepts = frozenset({Ask.RELEASES})


class Book(Store):
    reference = True


def wanted(platform=Store, ask=Ask.RELEASES, section=""):
    asking = Asking({"store": platform}, immutabledict({"store": "DE"}))
    found = details(asking, Target("store", ask, "p1", section), SHOWN, (7,), START)
    assert all(one.due_at == START and one.artists == (7,) for one in found)
    assert all((one.target.ask, one.target.market) == (Ask.RELEASE, "DE") for one in found)
    return [(one.target.subject, one.priority) for one in found]


def test_details_of_a_list_are_asked_news_before_what_stood_there():
    assert wanted() == [("r1", NEWS), ("r2", BASELINE)]
    assert NEWS < BASELINE


def test_of_long_lists_of_guests_only_the_news():
    assert wanted(section="guest") == [("r1", NEWS)]


def test_what_a_search_begins_to_show_is_asked_as_what_a_list_does():
    assert wanted(ask=Ask.SEARCH) == wanted()


@pytest.mark.parametrize("asked", [{"platform": Lists}, {"platform": Book}, {"ask": Ask.PROFILE}])
def test_nothing_is_asked_where_there_is_nothing_to_learn(asked):
    assert wanted(**asked) == []
