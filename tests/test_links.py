"""Artist pages are known by host and path, read as people paste them, and spelled as MusicBrainz keeps them."""

import pytest

from spiders.base.pages import NoProfile, OtherPage, ProfilePage, profiles_of, read_page, read_profile, spellings
from spiders.base.platform import platform, platforms
from storage.targets import Ask
from tests.asking import recorded

SPOTIFY = "0aB1cD2eF3gH4iJ5kL6mN7"
MBID = "11111111-1111-4111-8111-11111111abcd"


@pytest.mark.parametrize(
    ("url", "platform", "profile"),
    [
        (f"https://open.spotify.com/artist/{SPOTIFY}", "spotify", SPOTIFY),
        (f"https://open.spotify.com/artist/{SPOTIFY}?si=0123456789abcdef", "spotify", SPOTIFY),
        (f"http://open.spotify.com/intl-de/artist/{SPOTIFY}?si=abc#top", "spotify", SPOTIFY),
        (f" open.spotify.com/artist/{SPOTIFY}/discography/all ", "spotify", SPOTIFY),
        (f"spotify:artist:{SPOTIFY}", "spotify", SPOTIFY),
        ("https://www.deezer.com/fr/artist/27", "deezer", "27"),
        ("deezer.com/artist/27/", "deezer", "27"),
        ("https://www.deezer.com/en/artist/27/top_track?utm_source=x", "deezer", "27"),
        ("https://music.apple.com/de/artist/nova-quill/123", "itunes", "123"),
        ("https://music.apple.com/us/artist/%E3%81%82/123?l=en", "itunes", "123"),
        ("https://music.apple.com/artist/123", "itunes", "123"),
        ("https://itunes.apple.com/gb/artist/nova-quill/id123?uo=4", "itunes", "123"),
        (f"https://musicbrainz.org/artist/{MBID}", "musicbrainz", MBID),
        (f"https://MusicBrainz.org/artist/{MBID.upper()}/relationships", "musicbrainz", MBID),
    ],
)
def test_an_artists_page_is_read_however_it_was_pasted(url, platform, profile):
    found = read_page(url)
    assert isinstance(found, ProfilePage)
    assert tuple(found) == (platform, profile)
    assert profiles_of(url)[0] == (platform, profile)
    for spelled in spellings(url):
        assert profiles_of(spelled)[0] == (platform, profile)
        assert set(spellings(spelled)) <= set(spellings(url))


@pytest.mark.parametrize(
    ("url", "platform", "kind"),
    [
        (f"https://open.spotify.com/album/{SPOTIFY}?si=1", "spotify", "album"),
        (f"spotify:track:{SPOTIFY}", "spotify", "track"),
        ("https://spotify.link/aBcDeF", "spotify", "short link"),
        ("https://www.deezer.com/de/album/27", "deezer", "album"),
        ("https://link.deezer.com/s/abc", "deezer", "short link"),
        ("https://music.apple.com/de/album/quiet-harbour/123?i=456", "itunes", "album"),
        (f"https://musicbrainz.org/release/{MBID}", "musicbrainz", "release"),
    ],
)
def test_albums_and_short_links_are_told_apart(url, platform, kind):
    assert read_page(url) == OtherPage(platform, kind)
    assert profiles_of(url) == ()


@pytest.mark.parametrize(
    "url",
    [
        f"https://open.spotify.com.evil.example/artist/{SPOTIFY}",
        f"https://evil.example/open.spotify.com/artist/{SPOTIFY}",
        f"https://open.spotify.com@evil.example/artist/{SPOTIFY}",
        f"https://evil.example/?x=https://open.spotify.com/artist/{SPOTIFY}",
        f"ftp://open.spotify.com/artist/{SPOTIFY}",
        f"https://open.spotify.com/artist/{SPOTIFY[:-1]}",
        "https://[broken/artist/1",
        "https://www.deezer.com/artist/0",
        "https://www.deezer.com/" + "artist/" * 1_000 + "27",
        "javascript:alert(1)",
        "",
        "not a url",
        SPOTIFY,
    ],
)
def test_nothing_else_is_a_page_of_anybody(url):
    assert read_page(url) is None
    assert profiles_of(url) == ()
    assert spellings(url) == (url.strip(),)


def test_every_storefront_of_apple_is_a_spelling():
    assert spellings("https://itunes.apple.com/de/artist/id9") == (
        "https://music.apple.com/de/artist/9",
        "https://itunes.apple.com/de/artist/id9",
        "https://music.apple.com/us/artist/9",
        "https://itunes.apple.com/us/artist/id9",
    )
    assert spellings("http://www.deezer.com/en/artist/9") == ("https://www.deezer.com/artist/9",)


@pytest.mark.parametrize("name", sorted(platforms()))
def test_a_platforms_own_page_is_read_back(name):
    cls = platform(name)
    ask = "releases" if Ask.RELEASES in cls.accepts else "profile"
    profile = next(case["subject"] for case in recorded(name)["cases"] if case["ask"] == ask)
    assert (name, profile) in profiles_of(cls.profile_url(profile))
    assert read_profile(cls, cls.profile_url(profile)) == profile


@pytest.mark.parametrize(
    ("name", "cell", "sentence"),
    [
        ("deezer", "https://www.deezer.com/album/27", "another kind \\(album\\)"),
        ("spotify", "https://spotify.link/x", "short link"),
        ("deezer", f"https://open.spotify.com/artist/{SPOTIFY}", "a page of spotify, not of deezer"),
        ("deezer", "0x1b", "neither an id of Deezer"),
        ("spotify", "27", "neither an id of Spotify"),
    ],
)
def test_a_cell_that_names_no_profile_says_what_it_is(name, cell, sentence):
    with pytest.raises(NoProfile, match=sentence):
        read_profile(platform(name), cell)


def test_a_cell_may_hold_an_id_in_capitals():
    assert read_profile(platform("musicbrainz"), f" {MBID.upper()} ") == MBID
    assert read_profile(platform("spotify"), SPOTIFY) == SPOTIFY
