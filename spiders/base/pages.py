"""Public pages: whose profile a URL means, and how a reference source would spell it. Pure.

The platforms' own class attributes say what their pages look like (`page`, `page_forms`, `release_forms`,
`other_pages`, `spellings`, `profile_id`). Forms are held against host and path alone, never against what a link hides
in its other parts. Only artist pages are anybody's profile; an album, a track or a short link is told apart, so that
one can say so.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote, urlsplit

from spiders.base.platform import Platform, platforms

COUNTRY = "us"  # the storefront that reference sources write where none is named
LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """An artist's page: on which platform, whose, and what else its URL names (a country)."""

    platform: str
    id: str
    said: Mapping[str, str]

    def __iter__(self) -> Iterator[str]:
        """Unpack as platform and id."""
        return iter((self.platform, self.id))


@dataclass(frozen=True, slots=True)
class OtherPage:
    """A page that is nobody's profile: an album, a track, a short link."""

    platform: str
    kind: str

    def __str__(self) -> str:
        """Say what it is instead."""
        if self.kind == "short link":
            return "a short link hides which artist it means: open it, and copy the address of the page it leads to"
        return f"this is the address of a page of another kind ({self.kind}), an artist's page was expected"


class NoProfile(ValueError):
    """A text names no profile of the platform; the message says what it is instead."""


def read_page(text: str) -> ProfilePage | OtherPage | None:
    """Read a public URL as people paste it; None for what is no page of any platform."""
    return next(iter(_readings(text)), None)


def read_profile(platform: type[Platform], text: str) -> str:
    """Read an id of this platform out of a bare id or a public URL, or raise NoProfile saying what stands there."""
    bare = text.strip()
    for spelled in (bare, bare.lower()):  # MBIDs are written in capitals too
        if re.fullmatch(platform.profile_id, spelled):
            return spelled
    others = []
    for found in _readings(bare):
        if isinstance(found, ProfilePage) and found.platform == platform.name:
            return found.id
        others.append(found)
    if not others:
        raise NoProfile(f"neither an id of {platform.title} nor the address of an artist's page there: {bare[:80]!r}")
    here = next((other for other in others if other.platform == platform.name), None)
    if isinstance(here, OtherPage):
        raise NoProfile(f"{here}: {bare[:80]!r}")
    raise NoProfile(f"a page of {others[0].platform}, not of {platform.name}: {bare[:80]!r}")


def profiles_of(url: str) -> tuple[tuple[str, str], ...]:
    """Return every profile that a page stands for: catalogues that share their pages share their ids."""
    return tuple((found.platform, found.id) for found in _readings(url) if isinstance(found, ProfilePage))


def release_of(url: str) -> tuple[str, str] | None:
    """Return (platform, release id) of a release's page, or None for any other text."""
    place = _place(url)
    for name, shapes in _shapes().items():
        for form in shapes.release:
            if place is not None and (found := form.fullmatch(place)):
                return name, _as_kept(shapes.platform, found["id"])
    return None


def spellings(url: str) -> tuple[str, ...]:
    """Return the spellings under which a reference source may keep a page; one of no platform stays as it is."""
    said: list[str] = []
    for found in _readings(url):
        if isinstance(found, ProfilePage):
            cls = _shapes()[found.platform].platform
            for country in (found.said.get("country") or COUNTRY, COUNTRY):
                said += [
                    form.replace("{country}", country).replace("{id}", found.id)
                    for form in cls.spellings or (cls.page,)
                ]
    return tuple(dict.fromkeys(said)) or (url.strip(),)


def same_page(url: str) -> str:
    """Return what is the same for every way to write a page."""
    found = read_page(url)
    return f"{found.platform}:{found.id}" if isinstance(found, ProfilePage) else url.strip()


@dataclass(frozen=True, slots=True)
class _Shapes:
    platform: type[Platform]
    profile: tuple[re.Pattern[str], ...]
    release: tuple[re.Pattern[str], ...]
    others: tuple[tuple[str, re.Pattern[str]], ...]


@cache
def _shapes() -> dict[str, _Shapes]:
    """Compile every platform's forms, once."""
    return {
        name: _Shapes(
            cls,
            tuple(re.compile(form) for form in cls.page_forms),
            tuple(re.compile(form) for form in cls.release_forms),
            tuple((kind, re.compile(form)) for kind, forms in cls.other_pages.items() for form in forms),
        )
        for name, cls in sorted(platforms().items(), key=lambda one: bool(one[1].pages_of))
    }


def _readings(text: str) -> Iterator[ProfilePage | OtherPage]:
    """Yield what every platform takes a text for, profiles first."""
    place = _place(text)
    if place is None:
        return
    for name, shapes in _shapes().items():
        for form in shapes.profile:
            if found := form.fullmatch(place):
                said = {key: value for key, value in found.groupdict().items() if value is not None}
                yield ProfilePage(name, _as_kept(shapes.platform, said["id"]), said)
                break
    for name, shapes in _shapes().items():
        for kind, form in shapes.others:
            if form.fullmatch(place):
                yield OtherPage(name, kind)
                break


def _as_kept(platform: type[Platform], found: str) -> str:
    """Return an id as the platform spells it: MBIDs are written in capitals too."""
    is_shape = re.compile(platform.profile_id).fullmatch
    return found.lower() if not is_shape(found) and is_shape(found.lower()) else found


def _place(text: str) -> str | None:
    """Return host and path, as the forms are written; addresses of other schemes (spotify:artist:...) as they are."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        return None
    if re.match(r"[a-z]+:[^/]", text) and not re.match(r"[\w.-]+\.[a-z]{2,}:\d", text):
        return text
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:  # a broken IPv6 address or port
        return None
    if parts.scheme not in ("http", "https") or "." not in host:
        return None
    return f"{host}{unquote(parts.path).rstrip('/')}"
