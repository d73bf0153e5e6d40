"""Every platform asks its own stand-in: what a person would see on a page is what is told, by every question it takes.

No test here knows a platform: a new one is asked as soon as it has a dialect.
"""

import json
import re

import pytest

from sandbox import running
from sandbox.world import PLATFORMS
from spiders.base.client import Client
from spiders.base.platform import Access, platform, platform_names
from storage.targets import Ask, Target
from tests.asking import recorded
from tests.clients import LAPSE, QuickGate, looks
from tests.crawling import Crawling

NOBODY = (
    "999999999999",
    "0" * 22,
    "UC" + "0" * 21 + "A",
    "00000000-0000-4000-8000-000000000000",
    "Q999999999998",
)  # ids that nobody bears, in known shapes
HERE = [name for name in platform_names() if name in PLATFORMS]


@pytest.fixture(scope="module")
def world():
    with running(seed=11, scale=1, lapse=0.001) as started:
        started.limits({"enforced": False})
        yield started


@pytest.fixture(scope="module")
def ask(world):
    with Crawling() as crawling:

        def asked(name, question, subject, section=""):
            cls, base = platform(name), world.base_urls()[name]
            reach = recorded(name).get("access", {})
            if not issubclass(cls, Client):
                return crawling.crawl(name, [(question.value, subject, "")], base, access=reach).only()
            access = Access(**{"base_url": base, "contact": "ops@label.example", "lapse": LAPSE, **reach})
            client = cls(access, QuickGate())
            try:
                target = Target(name, question, subject, section)
                look = looks(client, target)[target]
            finally:
                client.close()
            told = [
                {"type": type(o).__name__, **{k: getattr(o, k) for k in o.__dataclass_fields__}}
                for o in look.observations
            ]
            return {"outcome": look.coverage.outcome.value, "stop_reason": look.coverage.stop_reason, "told": told}

        yield asked


@pytest.fixture(scope="module")
def artists(world):
    """The monitored artists with a page everywhere, the busiest first but one."""
    everywhere = [a for a in world.truth()["monitored"] if set(HERE) <= set(a["profiles"])]
    assert everywhere
    return everywhere[:2]


def of(look, kind):
    return [seen for seen in look["told"] if seen["type"] == kind]


@pytest.mark.parametrize("name", HERE)
def test_a_search_finds_the_artists_page(ask, artists, name):
    if Ask.SEARCH not in platform(name).accepts:
        pytest.skip("it can't be searched")
    for artist in artists:
        look = ask(name, Ask.SEARCH, artist["name"])
        assert look["outcome"] in ("complete", "partial"), look["stop_reason"]
        assert artist["profiles"][name] in [seen["id"] for seen in of(look, "ProfileSeen")]


@pytest.mark.parametrize("name", HERE)
def test_a_page_lists_what_stands_there_and_each_release_tells_itself(world, ask, artists, name):
    cls = platform(name)
    for artist in artists:
        id_ = artist["profiles"][name]
        profile = ask(name, Ask.PROFILE, id_) if Ask.PROFILE in cls.accepts else None
        assert profile is None or [seen["id"] for seen in of(profile, "ProfileSeen")][-1:] == [id_]
        if Ask.RELEASES not in cls.accepts:
            continue
        listed = set()
        for section in cls.sections:
            look = ask(name, Ask.RELEASES, id_, section)
            assert look["outcome"] == ("partial" if cls.windowed else "complete"), (section, look["stop_reason"])
            listed |= {seen["id"] for seen in of(look, "ReleaseSeen")}
        shown = world.visible(platform=name, market="US")
        own = [row for row in shown if row["section"] != "appears_on" or "appears_on" in cls.sections]
        if cls.windowed:
            everywhere = {row["release"] for row in world.visible(platform=cls.pages_of, market="US")}
            assert listed <= everywhere
            continue
        wanted = {row["release"] for row in own if row["profile"] == id_ and row["reachable"]}
        assert wanted
        assert wanted <= listed
        for release in sorted(wanted)[:3]:
            look = ask(name, Ask.RELEASE, release)
            assert look["outcome"] == "complete", look["stop_reason"]
            (told,) = of(look, "ReleaseSeen")
            assert told["id"] == release or of(look, "Redirected"), json.dumps(told, default=str)[:300]
            tracks = of(look, "TrackSeen")
            assert tracks
            assert all(track["release_id"] == told["id"] and track["duration_ms"] for track in tracks)
            if Ask.UPC in cls.accepts and told["upc"]:
                found = of(ask(name, Ask.UPC, told["upc"]), "ReleaseSeen")
                assert told["id"] in {seen["id"] for seen in found} or found
            codes = [track["isrc"] for track in tracks if track["isrc"]]
            if Ask.ISRC in cls.accepts and codes:
                found = of(ask(name, Ask.ISRC, codes[0]), "TrackSeen")
                assert codes[0] in {seen["isrc"] for seen in found}


@pytest.mark.parametrize("name", HERE)
def test_what_is_not_there_is_absent(ask, name):
    cls = platform(name)
    if cls.windowed:
        pytest.skip("it shows what is near today, and can't say what is not there")
    id_ = next((form for form in NOBODY if re.fullmatch(cls.profile_id, form)), "")
    look = ask(name, Ask.PROFILE if Ask.PROFILE in cls.accepts else Ask.RELEASES, id_, cls.sections[0])
    assert look["outcome"] == "absent", look["stop_reason"]
