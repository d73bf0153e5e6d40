"""Documents that quote what a platform's terms let nobody keep any longer: its texts go, and what we decided stays.

A document knows of each finding how old the oldest look is that its texts come from. When that is past the terms, the
platform's texts are blank in it, and so is every quote of the signals: it does not say whose words those are.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, select, update

from storage.models import delivery, outbox, profile

STATEMENT = "{head}: what was seen may no longer be quoted ({where})"
PAGE_STAYS = frozenset({"platform", "id", "standing", "first_seen_at", "last_seen_at"})
RELEASE_STAYS = frozenset({"id", "first_seen_at", "last_seen_at"})
LISTS = frozenset({"lines", "credits", "ai", "tracks"})


def any_of(connection: Connection, platform: str) -> bool:
    """Tell whether a store ever saw a page of a platform."""
    return connection.scalar(select(profile.c.id).where(profile.c.platform == platform).limit(1)) is not None


def documents(
    connection: Connection, platform: str, kept_for: timedelta, now: datetime, after: int, rows: int
) -> tuple[int, int | None]:
    """Blank some of the feed's documents; return how many, and after which row to go on (None: all were looked at)."""
    return _swept(connection, outbox, "document", platform, now - kept_for, after, rows)


def messages(
    connection: Connection, platform: str, kept_for: timedelta, now: datetime, after: int, rows: int
) -> tuple[int, int | None]:
    """Do the same to what was or is to be pushed."""
    return _swept(connection, delivery, "body", platform, now - kept_for, after, rows)


def _swept(
    connection: Connection, table: Table, column: str, platform: str, over: datetime, after: int, rows: int
) -> tuple[int, int | None]:
    page = select(table.c.id).where(table.c.id > after).order_by(table.c.id).limit(rows)
    last = connection.scalars(page).all()
    if not last:
        return 0, None
    names_it = table.c[column].like(f'%"platform":"{platform}"%')
    query = select(table.c.id, table.c[column]).where(table.c.id > after, table.c.id <= last[-1], names_it)
    count = 0
    for number, text in connection.execute(query).all():
        read = json.loads(text)
        told = read if column == "document" else read["data"]
        if platform in told.get("lapsed", ()) or not is_over(told, platform, over):
            continue
        blank(told, platform)
        kept = json.dumps(read, ensure_ascii=False, separators=(",", ":"))
        connection.execute(update(table).where(table.c.id == number).values({column: kept}))
        count += 1
    return count, last[-1]


def is_over(told: Mapping[str, Any], platform: str, over: datetime) -> bool:
    """Tell whether a document quotes something of a platform that was heard before a moment."""
    return any(datetime.fromisoformat(stamp) < over for stamp in _heard(told, platform))


def _heard(told: Mapping[str, Any], platform: str) -> list[str]:
    written = told["written_at"]
    heard = [
        one.get("oldest_at") or written
        for one in told["findings"]
        if (one.get("platform") or one["profile"]["platform"]) == platform
    ]
    official = told["artist"].get("official") or ()
    return heard + [one.get("last_seen_at") or written for one in official if one["platform"] == platform]


def blank(told: dict[str, Any], platform: str) -> None:
    """Take a platform's texts out of a document, and say so in it."""
    told["lapsed"] = sorted({*told.get("lapsed", ()), platform})
    for page in told["artist"].get("official") or ():
        if page["platform"] == platform:
            _emptied(page, PAGE_STAYS, "name")
    concerned = False
    for one in told["findings"]:
        where = one.get("platform") or one["profile"]["platform"]
        if where != platform:
            continue
        concerned = True
        if "profile" in one:
            _emptied(one["profile"], PAGE_STAYS, "name")
        if one.get("release"):
            _emptied(one["release"], RELEASE_STAYS, "title")
    if not concerned:
        return
    places = dict.fromkeys(one.get("platform") or one["profile"]["platform"] for one in told["findings"])
    told["statement"] = STATEMENT.format(head=told["statement"].partition(": ")[0], where=", ".join(places))
    for signal in told.get("signals", ()):
        signal["because"] = ""
        for weight in signal.get("weights") or ():
            weight["quote"] = ""
    if told.get("campaign"):
        told["campaign"]["ties"] = []


def _emptied(part: dict[str, Any], stays: frozenset[str], name: str) -> None:
    for word in part.keys() - stays:
        part[word] = "" if word == name else [] if word in LISTS else None
