"""Public artist pages: which platform and profile a URL means, and how a reference source would spell it. Pure.

The platform is decided by the URL's host alone, whatever relation it was told with. Only artist pages count: a track,
an album or a user page is nobody's profile.
"""

import re
from collections.abc import Callable
from urllib.parse import SplitResult, unquote, urlsplit

APPLE_COUNTRY = "us"  # the storefront that MusicBrainz writes where none is named
MUSIC_APPLE = "https://music.apple.com/{}/artist/{}"
ITUNES = "https://itunes.apple.com/{}/artist/id{}"


def platform_of(url: str) -> tuple[str, str] | None:
    """Return the platform and profile id that a public page belongs to, if it is an artist's page we know."""
    known = _known(url)
    return None if known is None else known[:2]


def profiles_of(url: str) -> tuple[tuple[str, str], ...]:
    """Return every profile that a page stands for: both of Apple's catalogues share one artist id."""
    found = platform_of(url)
    if found is None:
        return ()
    twin = {"itunes": "apple_music", "apple_music": "itunes"}.get(found[0])
    return (found, (twin, found[1])) if twin else (found,)


def canonical(url: str) -> str:
    """Return the spelling under which MusicBrainz keeps a URL; one that it has no rule for stays as it is."""
    known = _known(url)
    return url.strip() if known is None else known[2]


def spellings(url: str) -> tuple[str, ...]:
    """Return the spellings worth asking MusicBrainz for: Apple's pages exist once per storefront."""
    known = _known(url)
    if known is None or known[0] not in ("itunes", "apple_music"):
        return (canonical(url),)
    country, artist_id = _apple_country(_split(url)), known[1]
    return tuple(
        dict.fromkeys(form.format(cc, artist_id) for cc in (country, APPLE_COUNTRY) for form in (MUSIC_APPLE, ITUNES))
    )


Known = tuple[str, str, str]  # platform, profile id, canonical URL


def _known(url: str) -> Known | None:
    try:
        parts = _split(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:  # a broken IPv6 address or port
        return None
    for pattern, read in _HOSTS:
        if re.fullmatch(pattern, host):
            return read(parts, host)
    return None


def _split(url: str) -> SplitResult:
    url = re.sub(r"^spotify:artist:", "https://open.spotify.com/artist/", url.strip())
    return urlsplit(url if "://" in url else f"https://{url}")


def _match(pattern: str, parts: SplitResult) -> re.Match[str] | None:
    return re.fullmatch(pattern, unquote(parts.path).rstrip("/"))


def _simple(platform: str, pattern: str, form: str) -> Callable[[SplitResult, str], Known | None]:
    """Build a reader for pages whose path holds the id and nothing else that matters."""

    def read(parts: SplitResult, host: str) -> Known | None:
        found = _match(pattern, parts)
        return (platform, found["id"], form.format(found["id"])) if found else None

    return read


def _apple_country(parts: SplitResult) -> str:
    found = re.match(r"/([a-z]{2})/", parts.path.lower())
    return found[1] if found else APPLE_COUNTRY


def _apple(platform: str, form: str) -> Callable[[SplitResult, str], Known | None]:
    """Build a reader for Apple's pages, whose path may hold a country and a slug."""

    def read(parts: SplitResult, host: str) -> Known | None:
        found = _match(r"(?i)(/[a-z]{2})?/artist(/[^/]+)?/(id)?(?P<id>\d+)", parts)
        return (platform, found["id"], form.format(_apple_country(parts), found["id"])) if found else None

    return read


def _youtube(parts: SplitResult, host: str) -> Known | None:
    site = "music.youtube.com" if host == "music.youtube.com" else "www.youtube.com"
    found = _match(r"(?P<path>/channel/(?P<id>UC[\w-]{22})|/(?P<handle>@[^/]+))(/[a-z]+)?", parts)
    return ("youtube", found["id"] or found["handle"], f"https://{site}{found['path']}") if found else None


def _bandcamp(parts: SplitResult, host: str) -> Known | None:
    label = host.removesuffix(".bandcamp.com")
    found = _match(r"(/music|/releases)?", parts)
    return ("bandcamp", label, f"https://{host}/") if found and label not in ("daily", "get", "help") else None


def _qobuz(parts: SplitResult, host: str) -> Known | None:
    found = _match(r"(?P<path>/[a-z]{2}-[a-z]{2}/interpreter/[^/]+/(?P<id>\d+))", parts)
    return ("qobuz", found["id"], f"https://www.qobuz.com{found['path']}") if found else None


def _amazon(parts: SplitResult, host: str) -> Known | None:
    found = _match(r"/artists/(?P<id>B[0-9A-Z]{9})(/[^/]+)?", parts)
    return ("amazon_music", found["id"], f"https://{host}/artists/{found['id']}") if found else None


def _beatport(parts: SplitResult, host: str) -> Known | None:
    found = _match(r"(/[a-z]{2})?(?P<path>/artist/[^/]+/(?P<id>\d+))", parts)
    return ("beatport", found["id"], f"https://www.beatport.com{found['path']}") if found else None


_MBID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_SLUG = r"(?P<id>[\w-]+)"
_OWN = "(discover|search|stream|you|upload|charts|pages|settings|terms-of-use)"  # SoundCloud's own pages
_SPOTIFY = _simple("spotify", r"(/intl-[\w-]+)?/artist/(?P<id>[0-9A-Za-z]{22})", "https://open.spotify.com/artist/{}")
_HOSTS: list[tuple[str, Callable[[SplitResult, str], Known | None]]] = [
    (r"(open|play)\.spotify\.com", _SPOTIFY),
    (r"deezer\.com", _simple("deezer", r"(/[a-z]{2})?/artist/(?P<id>\d+)", "https://www.deezer.com/artist/{}")),
    (r"(geo\.)?music\.apple\.com", _apple("apple_music", MUSIC_APPLE)),
    (r"(geo\.)?itunes\.apple\.com", _apple("itunes", ITUNES)),
    (
        r"((listen|desktop|store)\.)?tidal\.com",
        _simple("tidal", r"(/browse|/us)?/artist/(?P<id>\d+)(/u)?", "https://tidal.com/artist/{}"),
    ),
    (r"((m|music)\.)?youtube\.com", _youtube),
    (r"[^.]+\.bandcamp\.com", _bandcamp),
    (r"(m\.)?soundcloud\.com", _simple("soundcloud", rf"/(?!{_OWN}$){_SLUG}", "https://soundcloud.com/{}")),
    (r"audiomack\.com", _simple("audiomack", rf"(/artist)?/{_SLUG}", "https://audiomack.com/{}")),
    (r"(open\.)?qobuz\.com", _qobuz),
    (r"music\.amazon\.[a-z.]{2,6}", _amazon),
    (r"beatport\.com", _beatport),
    (
        r"discogs\.com",
        _simple("discogs", r"(/[a-z]{2})?/artist/(?P<id>\d+)(-.*)?", "https://www.discogs.com/artist/{}"),
    ),
    (r"(m\.)?wikidata\.org", _simple("wikidata", r"/(wiki|entity)/(?P<id>Q\d+)", "https://www.wikidata.org/wiki/{}")),
    (
        r"(beta\.)?musicbrainz\.org",
        _simple("musicbrainz", rf"/artist/(?P<id>{_MBID})", "https://musicbrainz.org/artist/{}"),
    ),
]
