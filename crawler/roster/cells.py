"""What a profile cell of a roster means: an id, an artist page's address, or a sentence that says what else it is."""

import re
from functools import cache

from spiders.base import pages
from spiders.base.platform import Platform, platform

WHOLE = re.compile(r"([0-9]+)\.0+")  # a number as a spreadsheet prints it
SHORTENED = re.compile(r"[0-9][.,]?[0-9]*E\+?[0-9]+", re.IGNORECASE)
ADDRESS = re.compile(r"(?i)https?://|www\.|spotify:|[a-z0-9.-]+\.[a-z]{2,}/")
SHORT_LINK = re.compile(  # of services that belong to no platform; the platforms know their own
    r"(?i)(https?://)?(www\.)?(spoti\.fi|apple\.co|bit\.ly|tinyurl\.com|t\.co|([\w-]+\.)?lnk\.to|([\w-]+\.)?ffm\.to|"
    r"smarturl\.it|orcd\.co|found\.ee|linktr\.ee|fanlink\.to|hyperfollow\.com|songwhip\.com|album\.link|song\.link|"
    r"odesli\.co|youtu\.be|spotify\.link|link\.deezer\.com|deezer\.page\.link)(/|$)"
)
OTHER_PAGE = re.compile(r"[/:](album|track|playlist|song|release-group|release|recording|user|label|episode)s?[/:]")
LONGEST, DIGITS = 255, 19  # characters of an id; no platform numbers its artists beyond a signed 64-bit integer
JOINT = "joint:"


@cache
def _platform(name: str) -> type[Platform]:
    return platform(name)


def read_profile(name: str, cell: str) -> str:
    """Return the profile id that a cell of a platform's column means, or raise ValueError with a sentence."""
    if ADDRESS.match(cell):
        return _from_address(name, cell)
    form = _platform(name).profile_id
    if (whole := WHOLE.fullmatch(cell)) and re.fullmatch(form, whole[1]):
        cell = whole[1]
    for spelled in (cell, cell.lower()):  # MBIDs are written in capitals too
        if re.fullmatch(form, spelled) and len(spelled) <= LONGEST and not _is_too_large(form, spelled):
            return spelled
    if SHORTENED.fullmatch(cell):
        raise ValueError(f"a spreadsheet has shortened this number, digits are lost: {cell!r}")
    raise ValueError(f"not a profile id: {cell[:80]!r}")


def _is_too_large(form: str, spelled: str) -> bool:
    """Tell a number that no platform would give from an id whose letters all happen to be digits."""
    return spelled.isdigit() and len(spelled) > DIGITS and re.fullmatch(form, "9" * LONGEST) is not None


def read_mbid(cell: str) -> str:
    """Return the MBID that a cell means, in lower case, or raise ValueError."""
    try:
        return read_profile("musicbrainz", cell)
    except ValueError as fault:
        raise ValueError(str(fault).replace("not a profile id", "not a MusicBrainz id")) from None


def _from_address(name: str, url: str) -> str:
    if SHORT_LINK.match(url):
        raise ValueError(f"a short link: open it and give the artist page it leads to: {url[:120]!r}")
    try:
        return pages.read_profile(_platform(name), url)
    except pages.NoProfile as fault:
        if pages.read_page(url) is None and (other := OTHER_PAGE.search(url)):
            raise ValueError(f"the page of {_a(other[1])}, an artist's page was expected: {url[:120]!r}") from None
        raise ValueError(str(fault)) from None


def artist_pages(url: str) -> tuple[tuple[str, str], ...]:
    """Return every (platform, profile id) that an artist page's address stands for."""
    return pages.profiles_of(url)


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
