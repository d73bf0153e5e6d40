"""YouTube Data API v3: channels and their uploads, the Art Tracks among them with who delivered and who owns the sound.

https://developers.google.com/youtube/v3/docs
- Since June 2026 searches have a bucket of their own, 100 a day and page; everything else costs 1 unit of 10,000 a day.
  Both begin anew at midnight Pacific. A spent search bucket is a 429 and rests alone; a spent pool is a 403 that says
  quotaExceeded: nothing comes before the reset, and nothing is asked.
- A channel's uploads are the playlist whose id begins with UU instead of UC, newest first as seen by others (not
  promised), 20,000 at most. A video is a release of one track here: the API names no album, ISRC or barcode.
- Distributors' deliveries are Art Tracks on "<artist> - Topic" channels; their description has a grammar (`art_track`).
  The suffix is the platform's mark and not the name: the channel's owner is told as "topic". "Release - Topic" holds
  what could not be attributed.
- Numbers of 64 bits are texts. Deleted and private videos stay in lists under a title that says so, without an owner.
- Answers may be kept for 30 days, then be asked anew or go; scores must not be made from view counts: none is read.
- Not verified against the live service: the body of a spent search bucket.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import ClassVar

from spiders.base.client import Client, Observing
from spiders.base.errors import Misunderstood, Refused, Trouble, legible
from spiders.base.gate import Gate
from spiders.base.http import Answer, Transport
from spiders.base.platform import Access
from spiders.base.reading import may, need
from spiders.base.walk import Walk
from spiders.youtube.reading import read_channel, read_error, read_hit, read_upload, read_video
from storage.limits import Limit
from storage.observations import Absent, Observation, Page
from storage.targets import Ask, Target

PACIFIC = "America/Los_Angeles"
PAGE = 50
LONGEST = 20_000  # uploads that a list shows
CHANNEL, VIDEO = r"UC[-_0-9A-Za-z]{21}[AQgw]", r"[-_0-9A-Za-z]{11}"
PARTS = {
    Ask.PROFILE: ("channels", "snippet,contentDetails,statistics,brandingSettings,status"),
    Ask.RELEASE: ("videos", "snippet,contentDetails,status"),
}


class Youtube(Client):
    """YouTube's public catalogue."""

    name = "youtube"
    title = "YouTube"
    api = "https://youtube.googleapis.com/youtube/v3"
    page = "https://www.youtube.com/channel/{id}"
    page_forms = (rf"((www|m|music)\.)?youtube\.com/channel/(?P<id>{CHANNEL})(/[\w-]+)*",)
    release_forms = (
        r"((m|music)\.)?youtube\.com/(shorts|embed|live)/(?P<id>[\w-]{11})",
        r"youtu\.be/(?P<id>[\w-]{11})",
    )
    other_pages: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "handle": (r"((m|music)\.)?youtube\.com/(@|c/|user/).+",),
        "video": (r"((m|music)\.)?youtube\.com/(watch|shorts/.+|embed/.+|live/.+)", r"youtu\.be/.+"),
        "playlist": (r"((m|music)\.)?youtube\.com/playlist",),
    }
    spellings = ("https://www.youtube.com/channel/{id}", "https://music.youtube.com/channel/{id}")
    profile_id = CHANNEL
    accepts = frozenset({Ask.SEARCH, Ask.PROFILE, Ask.RELEASES, Ask.RELEASE})
    limits: ClassVar[Mapping[str, Limit]] = {
        "": Limit(calls=25, window_s=5.0, per_day=10_000, resets=PACIFIC),
        "search": Limit(calls=5, window_s=5.0, per_day=100, resets=PACIFIC),
    }
    longest_pause_s = 26 * 3600.0  # a day of 25 hours, and a little
    rows_a_call = PAGE
    early_stop = frozenset({""})
    batch: ClassVar[Mapping[Ask, int]] = {Ask.PROFILE: PAGE, Ask.RELEASE: PAGE}
    never_says = frozenset({"upc", "isrc", "label", "c_line", "explicit"})
    needs = ("key",)
    counted_by = "key"
    remedies: ClassVar[Mapping[str, str]] = {
        "accessNotConfigured|has not been used|SERVICE_DISABLED": "enable the YouTube Data API v3 for the project "
        "of the key, in the Google Cloud console",
        "API key not valid|keyInvalid|badRequest": "compare the key with the Google Cloud console",
        "ipRefererBlocked|API_KEY_IP|referer": "the key is bound to other addresses: lift that in the console",
    }
    terms = (
        "YouTube's Developer Policies: answers are kept 30 days at most, no scores made from its statistics, no key "
        "shared or published, nothing scraped (https://developers.google.com/youtube/terms/developer-policies)."
    )
    keep_days = 30

    def __init__(self, access: Access, gate: Gate) -> None:
        """Open the transport."""
        super().__init__(access, gate)
        self._transport = Transport(self)

    @classmethod
    def bucket(cls, ask: Ask, section: str = "") -> str:
        """Name the bucket: searches have a small one of their own."""
        return "search" if ask is Ask.SEARCH else ""

    def refusal(self, status: int, body: bytes) -> Trouble | None:
        """Say what an error's reason means."""
        return read_error(status, body) if status != 200 else None

    def observe(self, target: Target, walk: Walk) -> Observing:
        """Answer a name, a channel, its uploads or a video."""
        match target.ask:
            case Ask.SEARCH:
                return (yield from self._search(target, walk))
            case Ask.RELEASES:
                return (yield from self._uploads(target, walk))
            case Ask.PROFILE | Ask.RELEASE:
                [page] = self._several([target], walk)
                yield replace(page, coverage=None)
                return page.coverage or walk.ended()
        raise Misunderstood(f"{self.name} can't be asked by {target.ask}")

    def observe_batch(self, targets: list[Target]) -> Iterator[Page]:
        """Answer up to 50 channels or videos by one call, and everything else one by one."""
        yield from super().observe_batch([target for target in targets if target.ask not in PARTS])
        for ask in PARTS:
            asked = [target for target in targets if target.ask is ask]
            for start in range(0, len(asked), PAGE):
                yield from self._batch(asked[start : start + PAGE])

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    # --- asking -----------------------------------------------------------------------------------------------------

    def _get(self, path: str, walk: Walk, bucket: str = "", **params: str) -> Answer:
        key = self.access.credentials.get("key", "")
        if not key or not key.isascii() or not key.isprintable():
            raise Refused("YouTube is off: it needs key")
        asked = [*params.items(), ("key", key)]
        return self._transport.get(path, asked, bucket, walk=walk, readable=(404,))

    def _search(self, target: Target, walk: Walk) -> Observing:
        params = {"part": "snippet", "type": "channel", "q": target.subject, "maxResults": str(PAGE)}
        answer = self._get("search", walk, "search", **params)
        if answer.status != 200:
            raise Misunderstood("search: HTTP 404")
        rows, ranks = need(answer.raw, "items", list), count(1)
        found = walk.read_rows(rows, "channel", lambda raw: read_hit(raw, next(ranks)))
        onward = may(answer.raw, "nextPageToken", str)
        walk.page([channel.id for channel in found])
        yield Page(target, found, answer.payload)
        walk.must_show(rows, found)
        return walk.stopped(f"the first {len(rows)}: each page costs one of 100 searches") if onward else walk.ended()

    def _uploads(self, target: Target, walk: Walk) -> Observing:
        """Walk a channel's uploads; two whole pages of what is known end the walk, if it may end."""
        playlist = "UU" + subject_of(target, CHANNEL)[2:]
        params = {"part": "snippet,contentDetails,status", "playlistId": playlist, "maxResults": str(PAGE)}
        streak, onward = 0, ""
        while True:
            answer = self._get("playlistItems", walk, **params, **({"pageToken": onward} if onward else {}))
            if answer.status != 200:
                return (yield from self._gone(target, walk, answer))
            rows = need(answer.raw, "items", list)
            videos = walk.read_rows(rows, "upload", lambda raw: read_upload(raw, target.subject))
            told = tuple(video for video in videos if video.title)
            onward = may(answer.raw, "nextPageToken", str) or ""
            circling = not walk.page([video.id for video in videos], more=bool(onward))
            yield Page(target, told, answer.payload)
            walk.must_show(rows, videos)
            if not onward:
                walk.cut = len(walk.ids) >= LONGEST
                return walk.stopped(f"the list ends at {LONGEST}") if walk.cut else walk.ended()
            if circling or not rows:
                return walk.stopped("the list goes in circles" if circling else "an empty page before the end")
            # A total that is not what we know says that something stands, or is gone, further down.
            total = may(may(answer.raw, "pageInfo", dict) or {}, "totalResults", int)
            agreed = total is None or total == len(target.known | walk.ids)
            known = not target.whole and agreed and target.known.issuperset(video.id for video in told)
            streak = streak + 1 if known else 0
            if streak == 2:
                return walk.stopped("overlap with what is known")

    def _gone(self, target: Target, walk: Walk, answer: Answer) -> Observing:
        if walk.pages:
            return walk.stopped("a page of the list is not there")
        walk.page(())
        return (yield from self.absent(target, walk, "no such list", answer.payload))

    def _batch(self, run: list[Target]) -> Iterator[Page]:
        """Answer a run of one kind; what goes wrong concerns all of it."""
        walk = Walk(blind=self.blind_for(self.access))
        try:
            yield from self._several(run, walk)
        except Trouble as trouble:
            yield from (Page(target, walk.noted.take(), coverage=walk.failed(trouble)) for target in run)

    def _several(self, run: Sequence[Target], walk: Walk) -> list[Page]:
        """Ask for several things at once; those that are not named in the answer are not there."""
        path, parts = PARTS[run[0].ask]
        shape = CHANNEL if path == "channels" else VIDEO
        ids = ",".join(dict.fromkeys(subject_of(target, shape) for target in run))
        answer = self._get(path, walk, part=parts, id=ids, maxResults=str(PAGE))
        # An answer without `items` is how this API says "none of them", but it says what kind of list it is.
        if "items" not in answer.raw and may(answer.raw, "kind", str) is None:
            raise Misunderstood(f"{path}: mandatory key 'items' is missing")
        rows = may(answer.raw, "items", list) or []
        read = read_channel if path == "channels" else read_video
        things = {id_: told for id_, *told in walk.read_rows(rows, path.removesuffix("s"), read)}
        walk.must_show(rows, tuple(things))
        odd = walk.noted.take()  # which of them it is, is not known: nobody of this call is absent
        pages = []
        for target in run:
            told: tuple[Observation, ...] = tuple(things.get(target.subject, ()))
            walk.ids = {target.subject} if told else set()
            if told or odd:
                coverage = walk.ended()
            else:
                told, coverage = (Absent(target.subject),), walk.absent()
            pages.append(Page(target, (*told, *odd), answer.payload, replace(coverage, pages=1)))
            walk.cost = 0  # one call answered them all: the first target pays
        return pages


def subject_of(target: Target, shape: str) -> str:
    """Return a subject that has its shape: several share a call, and none may name another."""
    if not re.fullmatch(shape, target.subject, re.ASCII):
        raise Misunderstood(f"no id of this platform: {legible(target.subject)[:40]!r}")
    return target.subject
