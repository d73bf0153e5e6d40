"""A platform's bad day in the sandbox: absent, empty and halved pages, for a time and for a share of the profiles."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crawler.demo import play
from sandbox import SandboxRefused, running
from storage.database import open_database
from storage.models import change, listing
from tests import sandboxed
from tests.listing import READERS, client, spotify_client
from tests.test_faults import nothing_removed_that_is_there


@pytest.fixture
def ids(small_world):
    """Read a whole page, following totals and next links."""
    with client() as plain, spotify_client(small_world) as spotify:
        yield lambda name, page: list(READERS[name](spotify if name == "spotify" else plain, small_world, page))


@pytest.mark.parametrize("platform", READERS)
def test_a_list_is_emptied_halved_or_absent_and_comes_back(switch, profiles, ids, platform):
    page = profiles[0][platform]
    whole = ids(platform, page)
    sections = Counter(section for section, _ in whole)
    switch(empty_list=1)
    assert ids(platform, page) == []
    switch(halved_list=1)
    halved = Counter(section for section, _ in ids(platform, page))
    for section, count in sections.items():
        holes = 4 if platform == "deezer" else 0  # releases of other countries, which a total counts
        assert count // 2 <= halved[section] <= (count + holes) // 2, section
    assert set(ids(platform, page)) < set(whole)
    switch()
    assert ids(platform, page) == whole
    assert len(whole) > 3


def test_totals_and_ways_on_agree(small_world, switch, profiles):
    page = profiles[0]
    albums = f"artists/{page['spotify']}/albums?include_groups=single&limit=2"
    with client() as plain, spotify_client(small_world) as spotify:
        total = spotify.get(f"{small_world.url}/spotify/v1/{albums}").json()["total"]
        switch(halved_list=1)
        body = spotify.get(f"{small_world.url}/spotify/v1/{albums}&offset={total // 2 - 1}").json()
        assert (body["total"], body["next"], len(body["items"])) == (total // 2, None, 1)
        body = plain.get(f"{small_world.url}/deezer/artist/{page['deezer']}/albums?limit=100").json()
        assert body["total"] == len(body["data"])
        assert "next" not in body
        body = plain.get(f"{small_world.url}/itunes/lookup?id={page['itunes']}&entity=album").json()
        assert body["resultCount"] == len(body["results"])


def test_absence_is_said_in_the_platforms_own_words_and_of_its_page_as_well(small_world, switch, profiles):
    page = profiles[0]
    switch(absent_burst=1)
    with client() as plain, spotify_client(small_world) as spotify:
        for below in ("", "/albums"):
            assert plain.get(f"{small_world.url}/deezer/artist/{page['deezer']}{below}").json()["error"]["code"] == 800
            assert spotify.get(f"{small_world.url}/spotify/v1/artists/{page['spotify']}{below}").status_code == 404
        assert plain.get(f"{small_world.url}/itunes/lookup?id={page['itunes']}").json()["resultCount"] == 0
        assert plain.get(f"{small_world.url}/musicbrainz/ws/2/artist/{page['musicbrainz']}").status_code == 404
        switch(absent_burst={"path": "albums"})
        assert "id" in plain.get(f"{small_world.url}/deezer/artist/{page['deezer']}").json()
        assert "error" in plain.get(f"{small_world.url}/deezer/artist/{page['deezer']}/albums").json()


def test_a_batch_loses_only_the_share_of_profiles_that_is_hit(small_world, switch, profiles):
    pages = [ids["itunes"] for ids in profiles]
    url = f"{small_world.url}/itunes/lookup?entity=album&limit=200&id={','.join(pages[:8])}"

    def artists():
        with client() as http:
            return [str(r["artistId"]) for r in http.get(url).json()["results"] if r["wrapperType"] == "artist"]

    switch(absent_burst={"share": 0.5})
    left = artists()
    assert 0 < len(left) < 8
    assert artists() == left
    switch(halved_list={"share": 0.5})
    assert artists() == pages[:8]


def test_a_bad_day_has_a_beginning_and_an_end(small_world, switch, profiles, ids):
    page, now = profiles[0]["deezer"], small_world.now()
    whole = ids("deezer", page)
    for since, until, hit in ((-2, -1, False), (-1, 1, True), (1, 2, False)):
        said = {name: (now + timedelta(days=n)).isoformat() for name, n in (("since", since), ("until", until))}
        told = switch(empty_list=said)
        assert (ids("deezer", page) != whole) is hit, (since, until)
        assert told["on"]["empty_list"]["until"].startswith(said["until"][:19])


@pytest.mark.parametrize(
    ("said", "line"),
    [({"share": 2}, "between 0 and 1, so is a share"), ({"since": "noon"}, "'noon' is not an ISO time")],
)
def test_bad_descriptions_are_refused(small_world, said, line):
    with pytest.raises(SandboxRefused, match=line):
        small_world.faults(empty_list=said)


@pytest.mark.timeout(900)
def test_bad_days_on_every_platform_remove_nothing(tmp_path, sqlite_template):
    (tmp_path / "store.db").write_bytes(sqlite_template.read_bytes())
    url = f"sqlite:///{tmp_path / 'store.db'}"
    begin, end = (play.START + timedelta(days=n, hours=12) for n in (1, 3))
    when = {"since": begin.isoformat(), "until": end.isoformat()}
    faults = {
        "absent_burst": {"share": 0.3, **when},
        "empty_list": {"share": 0.3, **when},
        "halved_list": {"share": 0.5, **when},
    }
    told = {"scale": 0.1, "told": True, "start": play.START, "faults": faults, "capability": "extended"}
    with running(**told) as world:
        sandboxed.days(world, url, tmp_path, count=6)
        spans = {
            (row["platform"], row["profile"], row["section"], row["release"]): row
            for row in world.visible(since=play.START - timedelta(days=1), at=world.now())
        }
        fired = world.told("faults")["fired"]
    assert all(sum(n for name, n in fired.items() if name.endswith(fault)) > 5 for fault in faults), fired
    engine = open_database(url)
    with engine.connect() as connection:
        words = Counter(connection.scalars(select(change.c.field).where(change.c.entity == "listing")))
        assert words["held"] > 20, words
        assert words["returned"] > words["held"] / 2, words
        nothing_removed_that_is_there(connection, spans)
        assert connection.scalar(select(func.count()).where(listing.c.held_at.is_not(None))) == 0
    engine.dispose()
