"""Artist pages are known by their host, and spelled as MusicBrainz keeps them."""

import pytest

from spiders.base.pages import canonical, platform_of, profiles_of, spellings

SPOTIFY = "0aB1cD2eF3gH4iJ5kL6mN7"
CHANNEL = "UC" + "a1_-" * 5 + "Zz"
MBID = "11111111-1111-4111-8111-111111111111"


@pytest.mark.parametrize(
    ("url", "platform", "profile", "spelled"),
    [
        (f"https://open.spotify.com/artist/{SPOTIFY}", "spotify", SPOTIFY, None),
        (f"http://open.spotify.com/intl-de/artist/{SPOTIFY}?si=abc#top", "spotify", SPOTIFY,
         f"https://open.spotify.com/artist/{SPOTIFY}"),
        (f"spotify:artist:{SPOTIFY}", "spotify", SPOTIFY, f"https://open.spotify.com/artist/{SPOTIFY}"),
        ("https://www.deezer.com/fr/artist/27", "deezer", "27", "https://www.deezer.com/artist/27"),
        ("deezer.com/artist/27/", "deezer", "27", "https://www.deezer.com/artist/27"),
        ("https://music.apple.com/de/artist/nova-quill/123", "apple_music", "123",
         "https://music.apple.com/de/artist/123"),
        ("https://music.apple.com/artist/123", "apple_music", "123", "https://music.apple.com/us/artist/123"),
        ("https://itunes.apple.com/gb/artist/nova-quill/id123?uo=4", "itunes", "123",
         "https://itunes.apple.com/gb/artist/id123"),
        ("https://listen.tidal.com/artist/42", "tidal", "42", "https://tidal.com/artist/42"),
        ("https://tidal.com/browse/artist/42/u", "tidal", "42", "https://tidal.com/artist/42"),
        (f"https://m.youtube.com/channel/{CHANNEL}/videos", "youtube", CHANNEL,
         f"https://www.youtube.com/channel/{CHANNEL}"),
        ("https://youtube.com/@novaquill", "youtube", "@novaquill", "https://www.youtube.com/@novaquill"),
        (f"https://music.youtube.com/channel/{CHANNEL}", "youtube", CHANNEL,
         f"https://music.youtube.com/channel/{CHANNEL}"),
        ("http://novaquill.bandcamp.com/music", "bandcamp", "novaquill", "https://novaquill.bandcamp.com/"),
        ("https://m.soundcloud.com/nova-quill", "soundcloud", "nova-quill", "https://soundcloud.com/nova-quill"),
        ("https://audiomack.com/nova-quill", "audiomack", "nova-quill", None),
        ("https://www.qobuz.com/us-en/interpreter/nova-quill/987", "qobuz", "987", None),
        ("https://music.amazon.co.jp/artists/B00ABCDEFG/nova-quill", "amazon_music", "B00ABCDEFG",
         "https://music.amazon.co.jp/artists/B00ABCDEFG"),
        ("https://www.beatport.com/artist/nova-quill/77", "beatport", "77", None),
        ("https://www.discogs.com/de/artist/5-Nova-Quill", "discogs", "5", "https://www.discogs.com/artist/5"),
        ("https://www.wikidata.org/entity/Q1", "wikidata", "Q1", "https://www.wikidata.org/wiki/Q1"),
        (f"https://musicbrainz.org/artist/{MBID}", "musicbrainz", MBID, None),
    ],
)  # fmt: skip
def test_an_artist_page_is_known_and_spelled_once(url, platform, profile, spelled):
    assert platform_of(url) == (platform, profile)
    assert canonical(url) == (spelled or url)
    assert canonical(canonical(url)) == canonical(url)
    assert platform_of(canonical(url)) == (platform, profile)


@pytest.mark.parametrize(
    "url",
    [
        f"https://open.spotify.com/track/{SPOTIFY}",
        f"https://open.spotify.com.evil.example/artist/{SPOTIFY}",
        f"https://evil.example/open.spotify.com/artist/{SPOTIFY}",
        "https://www.deezer.com/album/27",
        "https://soundcloud.com/nova-quill/a-track",
        "https://soundcloud.com/discover",
        "https://bandcamp.com/nova",
        "https://www.youtube.com/watch?v=abc",
        "https://[broken/artist/1",
        "",
        "not a url",
    ],
)
def test_nothing_else_is_anybodys_profile(url):
    assert platform_of(url) is None
    assert profiles_of(url) == ()
    assert canonical(url) == url


def test_apples_catalogues_share_their_ids_and_storefronts_are_all_tried():
    assert profiles_of("https://music.apple.com/de/artist/9") == (("apple_music", "9"), ("itunes", "9"))
    assert profiles_of("https://www.deezer.com/artist/9") == (("deezer", "9"),)
    assert spellings("https://itunes.apple.com/de/artist/id9") == (
        "https://music.apple.com/de/artist/9",
        "https://itunes.apple.com/de/artist/id9",
        "https://music.apple.com/us/artist/9",
        "https://itunes.apple.com/us/artist/id9",
    )
    assert spellings("http://www.deezer.com/en/artist/9") == ("https://www.deezer.com/artist/9",)
