"""Wavelet: an invented platform, added as an exercise. https://wavelet.example/docs

- A list ends where `more` is false; pages are asked by number.
- "No such thing" is `{"found": false}`.
"""

from typing import Any

from scrapy.http import Request

from spiders.base import reading as r
from spiders.base.crawled import CrawledPlatform, Listing, Look, segment
from spiders.base.errors import Misunderstood
from storage.limits import Limit
from storage.observations import CreditSeen, ProfileSeen, ReleaseSeen
from storage.targets import Ask

PAGE = {"limit": 20}


class Wavelet(CrawledPlatform):
    """Wavelet's public catalogue."""

    name = "wavelet"
    title = "Wavelet"
    api = "https://api.wavelet.example"
    page = "https://wavelet.example/by/{id}"
    page_forms = (r"wavelet\.example/by/(?P<id>[1-9]\d*)",)
    profile_id = r"[1-9]\d*"
    accepts = frozenset({Ask.SEARCH, Ask.PROFILE, Ask.RELEASES})
    limits = {"": Limit(calls=10, window_s=1.0, concurrency=2)}
    never_says = frozenset({"upc", "isrc", "label"})
    terms = "It is invented: do as you like."

    def observe(self, looks: list[Look]) -> Request:
        """Ask what one target wants to know."""
        (look,) = looks
        match look.target.ask:
            case Ask.SEARCH:
                return self.list(look, "find", read_artist, {"name": look.subject, **PAGE})
            case Ask.PROFILE:
                return self.one(look, f"by/{segment(look.subject)}", read_artist)
            case Ask.RELEASES:
                return self.list(look, f"by/{segment(look.subject)}/records", read_record, PAGE, resumes=True)
        raise Misunderstood(f"{self.name} can't be asked by {look.target.ask}")

    def answer(self, body: bytes) -> dict[str, Any] | None:
        """Return an answer's object; where nothing was found there is none."""
        raw = r.parse(body, "answer")
        return raw if r.need(raw, "found", bool) else None

    def listing(self, raw: dict[str, Any]) -> Listing:
        """Read a page of a list."""
        return Listing(r.need(raw, "rows", list), r.need(raw, "of", int), r.may(raw, "more", str))


def read_artist(raw: dict[str, Any], look: Look) -> ProfileSeen:
    """Read an artist."""
    return ProfileSeen(id=r.identifier(raw), name=r.need(raw, "name", str))


def read_record(raw: dict[str, Any], look: Look) -> ReleaseSeen:
    """Read a record as a row of a list."""
    credits = r.each(
        r.need(raw, "by", list), "credit", lambda one: CreditSeen(r.need(one, "name", str), r.identifier(one))
    )
    return ReleaseSeen(
        id=r.identifier(raw),
        title=r.need(raw, "title", str),
        date=r.may(raw, "date", str),
        credits=credits,
        listed_on=look.subject,
    )
