"""SoundCloud: open uploads, newest first, with the artist that the uploader names beside who uploaded.

https://developers.soundcloud.com/docs/api/explorer/open-api
- The header is `OAuth <token>`. An app gets 50 tokens in 12 hours and an address 30 an hour, so that one is kept across
  processes (FALSETTO_TOKEN_DIR) and tokens have a budget of their own.
- A profile's id here is the name in its address, which is what references keep; it is resolved to the platform's URN
  by a redirect. Who renames the page has another id.
- `access=playable,preview,blocked` is always sent: without it blocked tracks are hidden. `limit` goes to 200; lists end
  where `next_href` is null or missing; there is no total. Uploads come newest first and may be left early.
- An upload is a release of one track; an album is a playlist with a type. `metadata_artist` is whom the uploader names,
  `user` is who uploaded: they may differ. Counts are null where statistics are hidden. ISRCs can't be asked for.
- Not verified against the live service: what kind of playlists come under `/playlists`, the size of the overall limit.
"""

import json
import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import chain
from typing import Any, ClassVar
from urllib.parse import urlsplit

from spiders.base.client import Client, Observing
from spiders.base.errors import Misunderstood, Throttled, Trouble
from spiders.base.gate import Gate
from spiders.base.http import Answer, Transport
from spiders.base.platform import Access, same_host, segment
from spiders.base.reading import may, need
from spiders.base.tokens import Tokens
from spiders.base.walk import Walk, key_of
from storage.limits import Limit
from storage.observations import CreditSeen, LineSeen, Observation, Page, ProfileSeen, ReleaseSeen, TrackSeen
from storage.targets import Ask, Target

TOKEN_URL = "https://secure.soundcloud.com/oauth/token"
SITE = "https://soundcloud.com"
SIZE = 200
ACCESS = ("access", "playable,preview,blocked")
HANDLE = r"[a-z0-9][a-z0-9_-]{0,99}"
OURS = (
    "discover|search|you|upload|stream|settings|pages|charts|tags|feed|messages|jobs|terms-of-use|imprint|mobile|oauth"
)
PARTS = "tracks|albums|sets|reposts|popular-tracks|likes|followers|following"
URN = r"soundcloud:(tracks|playlists):[1-9]\d{0,18}"

Raw = dict[str, Any]
Params = list[tuple[str, str]]
Read = Callable[[Raw], tuple[Observation, ...]]


class Soundcloud(Client):
    """SoundCloud's public catalogue."""

    name = "soundcloud"
    title = "SoundCloud"
    api = "https://api.soundcloud.com"
    page = "https://soundcloud.com/{id}"
    page_forms = (rf"(m\.)?soundcloud\.com/(?!({OURS})(/|$))(?P<id>{HANDLE})(/({PARTS}))?",)
    other_pages: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "short link": (r"on\.soundcloud\.com/.+",),
        "track": (rf"(m\.)?soundcloud\.com/(?!({OURS})/){HANDLE}/(?!({PARTS})$)[^/]+",),
        "playlist": (rf"(m\.)?soundcloud\.com/{HANDLE}/sets/.+",),
    }
    profile_id = HANDLE
    accepts = frozenset({Ask.SEARCH, Ask.PROFILE, Ask.RELEASES, Ask.RELEASE})
    limits: ClassVar[Mapping[str, Limit]] = {
        "": Limit(calls=10, window_s=5.0),
        "token": Limit(calls=1, window_s=2.0, per_day=29),
    }
    longest_pause_s = 26 * 3600.0
    sections = ("tracks", "playlists")
    rows_a_call = SIZE
    early_stop = frozenset({"tracks"})
    needs = ("client_id", "client_secret")
    counted_by = "client_id"
    never_says = frozenset({"p_line", "c_line", "composer", "markets", "ai", "explicit"})
    remedies: ClassVar[Mapping[str, str]] = {
        "does not accept": "compare client_id and client_secret with soundcloud.com/you/apps; apps are reviewed first",
    }
    terms = (
        "SoundCloud's API terms forbid commercial use and keeping content: ask for permission, and state that basis "
        "(https://developers.soundcloud.com/docs/api/terms-of-use)."
    )

    def __init__(self, access: Access, gate: Gate) -> None:
        """Prepare the transport; without credentials the platform stays off and says so when asked."""
        super().__init__(access, gate)
        root = access.base_url.rstrip("/")
        tokens = Tokens(self, f"{root}/oauth/token" if root else TOKEN_URL, scheme="OAuth", bucket="token")
        self._transport = tokens.transport = Transport(self, credential=tokens)

    def refusal(self, status: int, body: bytes) -> Trouble | None:
        """Say when a limit that is told by a moment comes again."""
        return read_limit(body) if status == 429 else None

    def observe(self, target: Target, walk: Walk) -> Observing:
        """Answer a name, a profile, a section of its uploads, a track or a playlist."""
        match target.ask:
            case Ask.SEARCH:
                asked = [("q", target.subject), ("limit", "50"), ("linked_partitioning", "true")]
                return (yield from self._list(target, walk, "users", asked, read_hits(), at_most=1))
            case Ask.PROFILE:
                return (yield from self._profile(target, walk))
            case Ask.RELEASES:
                return (yield from self._uploads(target, walk))
            case Ask.RELEASE:
                return (yield from self._release(target, walk))
        raise Misunderstood(f"{self.name} can't be asked by {target.ask}")

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    # --- asking -----------------------------------------------------------------------------------------------------

    def _get(self, path: str, walk: Walk, params: Params) -> Answer:
        """Ask for an object; a 404 of the API's own is an answer."""
        answer = self._transport.get(path, params, walk=walk, readable=(404,))
        if answer.status == 404 and not ("code" in answer.raw or "errors" in answer.raw):
            raise Misunderstood(f"{path}: HTTP 404 that is not the API's own: is the base URL right?")
        return answer

    def _resolved(self, target: Target, walk: Walk) -> Answer:
        """Ask which user a page's address means; the answer comes by a redirect."""
        if not re.fullmatch(HANDLE, target.subject):
            raise Misunderstood("no name of a page of this platform")
        return self._get("resolve", walk, [("url", f"{SITE}/{target.subject}")])

    def _profile(self, target: Target, walk: Walk) -> Observing:
        answer = self._resolved(target, walk)
        if answer.status == 404:
            return (yield from self._gone(target, walk, answer))
        user = walk.read(read_user, answer.raw)
        walk.page([user.id])
        yield Page(target, (user,), answer.payload)
        return walk.ended()

    def _uploads(self, target: Target, walk: Walk) -> Observing:
        answer = self._resolved(target, walk)
        if answer.status == 404:
            return (yield from self._gone(target, walk, answer))
        urn = segment(need(answer.raw, "urn", str))
        asked = [("limit", str(SIZE)), ("linked_partitioning", "true"), ACCESS]
        if target.section == "playlists":
            read: Read = lambda raw: (read_playlist(raw, target.subject),)  # noqa: E731 -- one line a section
        else:
            read = lambda raw: read_track(raw, target.subject)  # noqa: E731
            asked.append(("sort", "desc"))
        section, stands = target.section or self.sections[0], may(answer.raw, "track_count", int)
        return (yield from self._list(target, walk, f"users/{urn}/{section}", asked, read, stands=stands))

    def _release(self, target: Target, walk: Walk) -> Observing:
        if not (found := re.fullmatch(URN, target.subject)):
            raise Misunderstood("no id of a track or playlist of this platform")
        path = f"{found[1]}/{segment(target.subject)}"
        answer = self._get(path, walk, [ACCESS])
        if answer.status == 404:
            return (yield from self._gone(target, walk, answer))
        if found[1] == "tracks":
            told = walk.read(read_track, answer.raw)
            walk.page([target.subject])
            yield Page(target, told, answer.payload)
            return walk.ended()
        playlist = walk.read(read_playlist, answer.raw)
        walk.page(())  # it is there, whatever is said of its tracks
        yield Page(target, (playlist,), answer.payload)
        asked = [("limit", str(SIZE)), ("linked_partitioning", "true"), ACCESS]
        read = lambda raw: (read_track(raw, release_id=playlist.id, position=None)[-1],)  # noqa: E731
        return (yield from self._list(target, walk, f"{path}/tracks", asked, read, total=playlist.track_count))

    def _list(
        self,
        target: Target,
        walk: Walk,
        path: str,
        params: Params,
        read: Read,
        *,
        at_most: int = 0,
        total: int | None = None,
        stands: int | None = None,
    ) -> Observing:
        """Walk a list by its links until it ends, or until two whole pages of what is known, if it may end so.

        `stands` is how many uploads their user is said to have: where it is not what we know, the walk goes on.
        """
        may_stop = target.ask is Ask.RELEASES and not target.whole and (target.section or "tracks") in self.early_stop
        streak = 0
        while True:
            answer = self._get(path, walk, params)
            if answer.status == 404:
                return (yield from self._gone(target, walk, answer))
            entries = need(answer.raw, "collection", list)
            rows = walk.read_rows(entries, "row", read)
            onward = may(answer.raw, "next_href", str) or None
            ids = [key_of(row) for row in rows]
            circling = not walk.page(ids, total=total, more=onward is not None)
            yield Page(target, tuple(chain(*rows)), answer.payload)
            walk.must_show(entries, rows)
            if onward is None:
                return walk.ended()
            if circling or not entries:
                return walk.stopped("the list goes in circles" if circling else "an empty page before the end")
            path, params = same_host(onward, self.base).removeprefix(f"{self.base}/"), []
            agreed = stands is None or stands == len(target.known | walk.ids)
            streak = streak + 1 if may_stop and agreed and target.known.issuperset(ids) else 0
            if streak == 2:
                return walk.stopped("overlap with what is known")
            if walk.pages == at_most:
                return walk.stopped(f"the first {len(walk.ids)}")

    def _gone(self, target: Target, walk: Walk, answer: Answer) -> Observing:
        if walk.pages:
            return walk.stopped(f"{urlsplit(answer.payload.url).path}: a page of the list is not there")
        walk.page(())
        return (yield from self.absent(target, walk, "no such thing", answer.payload))


# --- reading --------------------------------------------------------------------------------------------------------


def read_user(raw: Raw, position: int | None = None) -> ProfileSeen:
    """Read a user, in full or as a search hit."""
    name, whole = need(raw, "username", str), may(raw, "full_name", str)
    return ProfileSeen(
        id=handle_of(raw),
        name=name,
        url=may(raw, "permalink_url", str),
        image_url=may(raw, "avatar_url", str),
        followers=may(raw, "followers_count", int),
        release_count=may(raw, "track_count", int),
        country=may(raw, "country", str),
        aliases=(whole,) if whole and whole != name else None,
        owner="user",
        position=position,
    )


def read_hits() -> Read:
    """Return the reader of a search's users, which counts their ranks."""
    ranks = iter(range(1, 1_000_000))
    return lambda raw: (read_user(raw, next(ranks)),)


def read_track(
    raw: Raw, listed_on: str | None = None, release_id: str = "", position: int | None = 1
) -> tuple[ReleaseSeen, TrackSeen]:
    """Read an upload: a release, and the track that it is; in a playlist only the track counts."""
    id_, title, genre = need(raw, "urn", str), need(raw, "title", str), may(raw, "genre", str)
    credits, url = read_credits(raw), may(raw, "permalink_url", str)
    release = ReleaseSeen(
        id=id_,
        title=title,
        url=url,
        kind="track",
        date=read_date(raw),
        cover_url=may(raw, "artwork_url", str),
        track_count=1,
        genres=(genre,) if genre else None,
        lines=read_label(raw),
        credits=credits,
        listed_on=listed_on,
        section="tracks" if listed_on else "",
        added=may(raw, "created_at", str),
        status=read_status(raw),
    )
    track = TrackSeen(
        id=id_,
        title=title,
        release_id=release_id or id_,
        disc=1,
        position=position,
        duration_ms=need(raw, "duration", int),
        isrc=may(raw, "isrc", str) or None,
        url=url,
        credits=credits,
    )
    return release, track


def read_playlist(raw: Raw, listed_on: str | None = None) -> ReleaseSeen:
    """Read a playlist, which is an album if it says so."""
    genre = may(raw, "genre", str)
    return ReleaseSeen(
        id=need(raw, "urn", str),
        title=need(raw, "title", str),
        url=may(raw, "permalink_url", str),
        kind=may(raw, "playlist_type", str) or "playlist",
        date=read_date(raw),
        upc=may(raw, "ean", str) or None,
        cover_url=may(raw, "artwork_url", str),
        track_count=may(raw, "track_count", int),
        genres=(genre,) if genre else None,
        lines=read_label(raw),
        credits=read_credits(raw),
        listed_on=listed_on,
        section="playlists" if listed_on else "",
        added=may(raw, "created_at", str),
        status=read_status(raw),
    )


def read_credits(raw: Raw) -> tuple[CreditSeen, ...]:
    """Read whom the uploader names as the artist, and who uploaded; where nobody is named, who uploaded is shown."""
    user, named = need(raw, "user", dict), may(raw, "metadata_artist", str)
    name, handle = need(user, "username", str), handle_of(user)
    if not named or named == name:
        return (CreditSeen(name, handle),)
    return CreditSeen(named), CreditSeen(name, handle, "uploader")


def read_label(raw: Raw) -> tuple[LineSeen, ...] | None:
    """Read the label as the uploader wrote it."""
    label = may(raw, "label_name", str)
    return (LineSeen("label", label),) if label else None


def read_status(raw: Raw) -> str | None:
    """Say how something is shown, where it can't simply be played by everybody."""
    access, sharing = may(raw, "access", str), may(raw, "sharing", str)
    return next((word for word in (sharing, access) if word not in (None, "public", "playable")), None)


def read_date(raw: Raw) -> str | None:
    """Read the date of release, as much of it as was given."""
    year, month, day = (may(raw, f"release_{part}", int) for part in ("year", "month", "day"))
    if not year:
        return None
    return "-".join([f"{year:04}", *([f"{month:02}"] if month else []), *([f"{day:02}"] if month and day else [])])


def handle_of(user: Raw) -> str:
    """Return the name in a user's address, which is the id that references keep."""
    return need(user, "permalink", str).lower()


def read_limit(body: bytes) -> Throttled | None:
    """Read when a limit comes again, of the errors that name a moment."""
    try:
        said = json.loads(body)["errors"][0]["meta"]
        moment = datetime.strptime(str(said["reset_time"]), "%Y/%m/%d %H:%M:%S %z")
    except (ValueError, RecursionError, KeyError, TypeError, IndexError):
        return None
    return Throttled(f"HTTP 429, until {moment:%Y-%m-%d %H:%M} UTC", wait_s=max(0.0, moment.timestamp() - time.time()))
