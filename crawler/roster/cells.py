"""What a profile cell of a roster means: an id, an artist page's address, or a sentence that says what else it is."""

import re

from spiders.base import pages
from storage.normalize import clean_text

MBID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
PROFILE_ID = {
    "spotify": re.compile(r"[0-9A-Za-z]{22}"),
    "deezer": re.compile(r"[1-9][0-9]{0,18}"),
    "itunes": re.compile(r"[1-9][0-9]{0,18}"),
    "musicbrainz": MBID,
}
WHOLE = re.compile(r"([0-9]+)\.0+")  # a number as a spreadsheet prints it
SHORTENED = re.compile(r"[0-9][.,]?[0-9]*E\+?[0-9]+", re.IGNORECASE)
ADDRESS = re.compile(r"(?i)https?://|www\.|spotify:|[a-z0-9.-]+\.[a-z]{2,}/")
SHORT_LINK = re.compile(
    r"(?i)(https?://)?(www\.)?(spotify\.link|spoti\.fi|link\.deezer\.com|deezer\.page\.link|apple\.co|youtu\.be|"
    r"bit\.ly|tinyurl\.com|t\.co|lnk\.to|[\w-]+\.lnk\.to|ffm\.to|[\w-]+\.ffm\.to|smarturl\.it|orcd\.co|found\.ee|"
    r"linktr\.ee|fanlink\.to|hyperfollow\.com|songwhip\.com|album\.link|song\.link|odesli\.co)(/|$)"
)
OTHER_PAGE = re.compile(r"[/:](album|track|playlist|song|release-group|release|recording|user|label|episode)s?[/:]")
JOINT = "joint:"


def read_profile(platform: str, cell: str) -> str:
    """Return the profile id that a cell of a platform's column means, or raise ValueError with a sentence."""
    if ADDRESS.match(cell):
        return _from_address(platform, cell)
    if platform == "musicbrainz":
        cell = cell.lower()
    form = PROFILE_ID.get(platform)
    if (whole := WHOLE.fullmatch(cell)) and form and form.fullmatch(whole[1]):
        return whole[1]
    if SHORTENED.fullmatch(cell) and not (form and form.fullmatch(cell)):
        raise ValueError(f"a spreadsheet has shortened this number, digits are lost: {cell!r}")
    cleaned, faults = clean_text(cell, 255)
    if (form is not None and not form.fullmatch(cell)) or faults or cleaned != cell or any(c.isspace() for c in cell):
        raise ValueError(f"not a profile id: {cell[:80]!r}")
    return cell


def read_mbid(cell: str) -> str:
    """Return the MBID that a cell means, in lower case, or raise ValueError."""
    try:
        return read_profile("musicbrainz", cell)
    except ValueError as fault:
        raise ValueError(str(fault).replace("not a profile id", "not a MusicBrainz id")) from None


def _from_address(platform: str, url: str) -> str:
    if SHORT_LINK.match(url):
        raise ValueError(f"a short link: open it and give the artist page it leads to: {url[:120]!r}")
    found = dict(artist_pages(url))
    if platform in found:
        return found[platform]
    if found:
        raise ValueError(f"a page of {' or '.join(sorted(found))}: {url[:120]!r}")
    if other := OTHER_PAGE.search(url):
        raise ValueError(f"the page of {_a(other[1])}, an artist's page was expected: {url[:120]!r}")
    raise ValueError(f"not an artist page that we know: {url[:120]!r}")


def artist_pages(url: str) -> tuple[tuple[str, str], ...]:
    """Return every (platform, profile id) that an artist page's address stands for."""
    if re.search(r"(?i)musicbrainz\.org/", url):
        url = url.lower()
    return pages.profiles_of(url)


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
