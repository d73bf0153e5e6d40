"""Bandcamp: pages made for people, one host for each band. Off until an operator has a permission and says so.

https://bandcamp.com/terms_of_use, https://bandcamp.com/acceptable_use
- Its acceptable use policy (2026-06-10) forbids scraping and mining by automated means, its terms know personal use
  only: FALSETTO_BANDCAMP_PERMISSION names the written permission (or that these are your own artists' pages).
- Each host's robots.txt is obeyed; it disallows searches and the API, so that neither is asked: pages come from the
  roster and from references. A challenge page is no answer: nobody evades it, the lane stops and an alert says so.
- A band's page shows its releases in an order of its own, the later ones only in an attribute: it is read whole, in one
  page. A band with one release shows that release instead. Labels list releases that stand on other hosts.
- Barcodes stand on albums only, ISRCs on pages of tracks only. A pre-order's tracks have no length. Who is named need
  not be whose page it is.
- A band on a domain of its own redirects there: that is refused, for who answers then is not known.
- Not verified against the live site: the words of its 404 page, its limits.
"""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from scrapy.http import Request

from spiders.bandcamp.page import Raw, is_challenge, open_page
from spiders.bandcamp.reading import BAND, HOST, read_band, read_release, read_row
from spiders.base.crawled import CrawledPlatform, Listing, Look
from spiders.base.errors import Misunderstood, Refused, Throttled, Trouble
from storage.limits import Limit
from storage.observations import Observation, ReleaseSeen
from storage.targets import Ask, Target

OURS = "www|daily|blog|get|help|support|status|store|f4|s4|api|graphql"
CHALLENGED_S = 7 * 86_400.0
RELEASE = r"(?P<host>[a-z0-9.-]{1,100})/(?P<path>(album|track)/[^/?#\s]{1,200})"


class Bandcamp(CrawledPlatform):
    """Bandcamp's public pages."""

    name = "bandcamp"  # type: ignore[misc]  # Scrapy declares it per instance
    title = "Bandcamp"
    api = f"https://{HOST}"
    page = "https://{id}.bandcamp.com"
    page_forms = (rf"(?!({OURS})\.)(?P<id>{BAND})\.bandcamp\.com(/music)?",)
    release_forms = (rf"(?P<id>(?!({OURS})\.){BAND}\.bandcamp\.com/(album|track)/[^/]+)",)
    other_pages: ClassVar[Mapping[str, tuple[str, ...]]] = {
        kind: (rf"{BAND}\.bandcamp\.com/{kind}/.+",) for kind in ("album", "track")
    }
    spellings = ("https://{id}.bandcamp.com/", "https://{id}.bandcamp.com")
    profile_id = BAND
    accepts = frozenset({Ask.PROFILE, Ask.RELEASES, Ask.RELEASE})
    limits: ClassVar[Mapping[str, Limit]] = {"": Limit(calls=12, window_s=60.0)}
    parks = (60.0, 300.0, 900.0, 3600.0)
    longest_pause_s = CHALLENGED_S
    needs = ("permission",)
    media = "text/html"
    obeys_robots = True
    never_says = frozenset({"followers", "popularity", "markets", "explicit", "p_line", "c_line", "composer", "ai"})
    remedies: ClassVar[Mapping[str, str]] = {
        "challenge": "stop here: ask Bandcamp, then lift the pause with `falsetto platforms unpark bandcamp`",
        "robots.txt": "this page is not for robots",
    }
    terms = (
        "Automated reading is forbidden without written permission; personal, non-commercial use only; AI music is "
        "banned there since 2026 (https://bandcamp.com/acceptable_use)."
    )

    def base_for(self, target: Target) -> str:
        """Return the host of the band that a question is about."""
        band = target.subject
        if target.ask is Ask.RELEASE:
            found = re.fullmatch(RELEASE, target.subject)
            if found is None:
                raise Misunderstood("no address of a release of this platform")
            band = found["host"].removesuffix(f".{HOST}")
            if band == found["host"]:
                raise Refused("on a domain of its own, which is not asked", about_target=True)
        if not re.fullmatch(BAND, band) or re.fullmatch(OURS, band):
            raise Misunderstood("no name of a band's page")
        return f"{self.base}/{band}" if self.access.base_url else f"https://{band}.{HOST}"

    def observe(self, looks: list[Look]) -> Request:
        """Ask for the page that says what one target wants to know."""
        (look,) = looks
        match look.target.ask:
            case Ask.PROFILE:
                return self.one(look, "music", read_profile)
            case Ask.RELEASES:
                return self.list(look, "music", read_listed, {})
            case Ask.RELEASE:
                return self.one(look, look.subject.partition("/")[2], read_album)
        raise Misunderstood(f"{self.name} can't be asked by {look.target.ask}")

    def answer(self, body: bytes) -> Raw | None:
        """Return what a page carries, or None for "no such page"."""
        return open_page(body)

    def listing(self, raw: Mapping[str, Any]) -> Listing:
        """Read a band's list: the grid, or the one release that stands in its place."""
        if raw["rows"] is not None:
            return Listing(raw["rows"], None, None)
        if raw["thing"] is None:
            raise Misunderstood("neither a grid of releases nor a release on this page")
        return Listing([dict(raw)], None, None)

    def refusal(self, status: int, body: bytes) -> Trouble | None:
        """Say that a challenge stands in place of a page: nobody goes on asking then."""
        return Throttled("a challenge page, which is never evaded", wait_s=CHALLENGED_S) if is_challenge(body) else None


def read_profile(raw: Any, look: Look) -> Observation:
    """Read whose page it is."""
    return read_band(raw, look.subject)


def read_listed(raw: Any, look: Look) -> Observation | tuple[Observation, ...]:
    """Read a row of a band's list, or the release that is shown instead of one."""
    if isinstance(raw, dict) and "thing" in raw:
        return read_release(raw, f"{look.subject}.{HOST}/music", look.subject)
    return read_row(raw, look.subject)


def read_album(raw: Any, look: Look) -> tuple[ReleaseSeen | Observation, ...]:
    """Read a release's page."""
    return read_release(raw, look.subject)
