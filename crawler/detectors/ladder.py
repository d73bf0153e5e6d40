"""The ladder of references out of a case's document: what may be handed to a detection system, the surest first. Pure.

Text from platforms becomes a reference only in its field's own shape. A source that the operator switched off is as
good as unseen, its ISRCs too: whoever else printed the same one may still be referred to.
"""

import re
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from crawler.detectors.contract import LADDER, Detector, Reference
from crawler.feed.document import Candidate

ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}")
ID = re.compile(r"[A-Za-z0-9_.:-]{1,100}")
LONGEST_URL = 2000
MOST_TRACKS = 3  # of one case: the questions are about a voice, and a box of forty tracks has one


def references(document: Candidate, switched_off: Collection[str] = (), audio_url: str = "") -> list[Reference]:
    """List the ways to a case's recordings in the ladder's order, each once."""
    found = [one for one in _all(document) if one.source not in switched_off]
    if audio_url:
        found.append(Reference("audio_url", audio_url, "operator"))
    found.sort(key=lambda one: LADDER.index(one.rung))
    return list(dict.fromkeys(found))


def chosen(kind: type[Detector], ladder: list[Reference]) -> list[Reference]:
    """Choose what one detector is handed: all of the first rung that it takes, some tracks at most."""
    for rung in kind.takes:
        fit = [one for one in ladder if one.rung == rung and kind.can_take(one)]
        if fit:
            seen: dict[str, Reference] = {}
            for one in fit:
                seen.setdefault(one.value, one)
            return list(seen.values())[:MOST_TRACKS]
    return []


def is_url(text: str) -> bool:
    """Tell whether a text is an address on the web that can be handed on."""
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and parts.username is None
            and len(text) <= LONGEST_URL
            and text.isascii()
            and text.isprintable()
            and " " not in text
        )
    except ValueError:
        return False


def _all(document: Candidate) -> Iterator[Reference]:
    for finding in document.findings:
        source, release = finding.profile.platform, finding.release
        if release is None or finding.removed_at is not None:
            continue
        for track in release.tracks:
            if ID.fullmatch(track.platform_id):
                yield Reference("platform_id", track.platform_id, source)
            if track.isrc and ISRC.fullmatch(track.isrc):
                yield Reference("isrc", track.isrc, source)
            if track.url and is_url(track.url):
                yield Reference("page_url", track.url, source)
        if release.url and is_url(release.url):
            yield Reference("page_url", release.url, source)
