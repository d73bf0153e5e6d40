"""The catalogue's tables as the bulk path writes them: what is told by a platform, and what we derive from it."""

from typing import Any

from storage import normalize
from storage.recording.engines import Port
from storage.recording.merge import Sheet

Values = tuple[Any, ...]


def _name(_: Port, row: Values) -> Values:
    return (normalize.name_key(row[0]),)


def _release(port: Port, row: Values) -> Values:
    date = None if row[3] is None else normalize.claimed_date(row[3])
    return (
        normalize.title_key(row[0]),
        date and date.precision,
        date and port.day(date.date),
        normalize.gtin14(row[4]),
    )


def _track(_: Port, row: Values) -> Values:
    return (normalize.title_key(row[0]), normalize.isrc(row[5]))


def _path(url: str | None) -> str | None:
    """Return an address without its host: platforms hand out the same picture from many."""
    return None if url is None else "/".join(url.split("/")[3:]) if "://" in url else url


PROFILE = Sheet(
    table="profile",
    key=("platform", "platform_id"),
    told=(
        *("name", "url", "image_url", "followers", "release_count", "genres", "aliases", "country"),
        *("disambiguation", "began", "ended", "owner", "providers"),
    ),
    derived=("name_key",),
    derive=_name,
    idle=frozenset({"url", "image_url", "followers", "release_count", "providers"}),
    shared=True,
)
PROFILE_LINK = Sheet(table="profile_link", key=("profile_id", "url", "type_id"), told=("ended",), parts=3)
RELEASE = Sheet(
    table="release",
    key=("platform", "platform_id"),
    told=(
        *("title", "kind", "status", "date_raw", "upc_raw", "url", "cover_url", "track_count", "explicit", "genres"),
        *("added_raw", "market_set_id"),
    ),
    derived=("title_key", "date_precision", "date", "gtin14"),
    derive=_release,
    idle=frozenset({"url"}),
    alike={"cover_url": _path},
)
RELEASE_LINE = Sheet(table="release_line", key=("release_id", "kind", "text", "text_key"), parts=3)
TRACK = Sheet(
    table="track",
    key=("release_id", "platform_id", "platform"),
    told=("title", "version", "disc", "position", "duration_ms", "isrc_raw", "explicit", "url", "market_set_id"),
    derived=("title_key", "isrc"),
    derive=_track,
    idle=frozenset({"url"}),
    parts=2,
)
# Two answers may order the same names differently: the place where a name was first seen stays.
CREDIT = Sheet(
    table="credit", key=("release_id", "track_id", "who", "role", "profile_id", "position"), told=("name",), parts=4
)
AI_DISCLOSURE = Sheet(table="ai_disclosure", key=("release_id", "track_id", "field"), told=("value",))
LISTING = Sheet(
    table="listing", key=("profile_id", "release_id", "market", "new", "slid_in", "misses"), told=("section",)
)
