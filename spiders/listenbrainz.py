"""ListenBrainz: what MusicBrainz knows to come out around today: releases that are legitimately expected. No key.

https://listenbrainz.readthedocs.io/en/latest/users/api/misc.html
- One answer speaks of everybody: all artists that are asked about share one call.
- It shows a window of days around today, never an artist's whole list: a look at it is partial, always.
- What is not there need not be false: MusicBrainz lags, and knows little of small artists.
- `X-RateLimit-Remaining` and `-Reset-In` tell what is left of the budget; how large it is, is not said.
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from spiders.base.client import Client, Observing
from spiders.base.errors import Misunderstood, Refused, Trouble
from spiders.base.gate import Gate
from spiders.base.http import Answer, Transport
from spiders.base.platform import Access
from spiders.base.reading import may, need, words
from spiders.base.walk import Walk
from storage.limits import Limit
from storage.observations import CreditSeen, Page, ReleaseSeen
from storage.targets import Ask, Target

MBID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
DAYS = 30  # each way
TOGETHER = 500  # artists that one answer is read for
WINDOW = f"{DAYS} days around today are shown"

Raw = dict[str, Any]


class Listenbrainz(Client):
    """ListenBrainz' fresh releases."""

    name = "listenbrainz"
    title = "ListenBrainz"
    api = "https://api.listenbrainz.org/1"
    page = "https://listenbrainz.org/artist/{id}"
    page_forms = (rf"listenbrainz\.org/artist/(?P<id>(?i:{MBID}))",)
    pages_of = "musicbrainz"
    profile_id = MBID
    accepts = frozenset({Ask.RELEASES})
    limits: ClassVar[Mapping[str, Limit]] = {"": Limit(calls=5, window_s=10.0)}
    batch: ClassVar[Mapping[Ask, int]] = {Ask.RELEASES: TOGETHER}
    never_says = frozenset({"followers", "popularity", "markets", "copyrights", "upc", "isrc", "label"})
    terms = "Core data is CC0; commercial users are asked to support MetaBrainz (https://listenbrainz.org/terms-of-service)."
    windowed = True
    reference = True

    def __init__(self, access: Access, gate: Gate) -> None:
        """Open the transport."""
        super().__init__(access, gate)
        self._transport = Transport(self)

    def rest_s(self, headers: Mapping[str, str]) -> float:
        """Wait until the budget comes anew, where it is spent."""
        left, again = headers.get("x-ratelimit-remaining", ""), headers.get("x-ratelimit-reset-in", "")
        return (
            min(float(again), 60.0) if left == "0" and again.isascii() and again.isdigit() and len(again) < 6 else 0.0
        )

    def observe(self, target: Target, walk: Walk) -> Observing:
        """Answer which releases of an artist come out around today."""
        if target.ask is not Ask.RELEASES:
            raise Misunderstood(f"{self.name} can't be asked by {target.ask}")
        [page] = self._fresh([target], walk)
        yield Page(target, page.observations, page.payload)
        return page.coverage or walk.ended()

    def observe_batch(self, targets: list[Target]) -> Iterator[Page]:
        """Answer everybody by one call."""
        walk = Walk(blind=self.blind_for(self.access))
        try:
            yield from self._fresh(targets, walk)
        except Trouble as trouble:
            yield from (Page(target, coverage=walk.failed(trouble)) for target in targets)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def _fresh(self, targets: list[Target], walk: Walk) -> list[Page]:
        if not self.access.contact.strip():
            raise Refused("ListenBrainz wants a contact in the User-Agent: set FALSETTO_CONTACT")
        asked = [("days", str(DAYS)), ("sort", "release_date"), ("past", "true"), ("future", "true")]
        answer: Answer = self._transport.get("explore/fresh-releases/", asked, walk=walk)
        payload = need(answer.raw, "payload", dict)
        rows, total = need(payload, "releases", list), need(payload, "total_count", int)
        read = walk.read_rows(rows, "release", read_fresh)
        walk.must_show(rows, read)
        odd = walk.noted.take()
        of_artist: dict[str, list[Raw]] = {}
        for raw, mbids in read:
            for mbid in mbids:
                of_artist.setdefault(mbid, []).append(raw)
        pages = []
        for target in targets:
            told = tuple(release(raw, target.subject) for raw in of_artist.get(target.subject, ()))
            tally = Walk(blind=walk.blind, cost=walk.cost, noted=walk.noted)
            walk.cost = 0  # one call answered them all: the first target pays
            tally.cut = True  # what lies beyond the window was never seen
            tally.page([one.id for one in told])
            if total > len(rows):
                tally.doubt(f"{len(rows)} of {total} came")
            pages.append(Page(target, (*told, *odd), answer.payload, tally.stopped(WINDOW)))
        return pages


def read_fresh(raw: Raw) -> tuple[Raw, frozenset[str]]:
    """Read whose release an entry is, and that it can be told."""
    mbids = words(raw, "artist_mbids")
    release(raw, "")
    return raw, frozenset(mbids or ())


def release(raw: Raw, artist: str) -> ReleaseSeen:
    """Read a release that is expected, or came out a while ago."""
    kind = may(raw, "release_group_secondary_type", str) or may(raw, "release_group_primary_type", str)
    return ReleaseSeen(
        id=need(raw, "release_mbid", str),
        title=need(raw, "release_name", str),
        kind=kind.lower() if kind else None,
        date=need(raw, "release_date", str),
        credits=(CreditSeen(need(raw, "artist_credit_name", str)),),
        listed_on=artist or None,
    )
