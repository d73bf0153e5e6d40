"""Real releases as judgement is given them: rows of a catalogue folder become acts with a past.

The folder holds releases.tsv.gz and tracks.tsv.gz. Rows of one act are grouped as production groups appearances.
"""

import csv
import gzip
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from crawler.suspicion.grouping import Appearance, folded_title, grouped, ties
from storage.facts.values import Artist, Credit, Line, Shown, Track
from storage.normalize import claimed_date, gtin14, isrc, line_key, name_key, title_key

LEFT_OUT = frozenset({"tango"})  # sessions of decades ago: measured apart in base-rates.md
WATCHED = 6  # own rows that tell a line: acts with so many are monitored together, as a roster is
GUESTS = {"own": "own", "appears": "appears_on", "comp": "compilation"}


@dataclass(slots=True)
class Act:
    """A name with its releases, oldest claim first."""

    key: str
    artist: Artist
    own: list[Shown] = field(default_factory=list)
    guest: list[Shown] = field(default_factory=list)

    @property
    def sets_weights(self) -> bool:
        """Tell which half the act is in: the first byte of its key's SHA-256 is even for those that set weights."""
        return hashlib.sha256(self.key.encode()).digest()[0] % 2 == 0


def read_acts(folder: Path) -> list[Act]:
    """Read a catalogue; names that stand for several artists are left out."""
    tracks: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in _rows(folder / "tracks.tsv.gz"):
        tracks[row["source"], row["release_id"]].append(row)
    by_name: dict[str, list[dict[str, Any]]] = defaultdict(list)
    printed: dict[str, str] = {}
    for row in _rows(folder / "releases.tsv.gz"):
        if row["artist_id"].startswith("?") or row["source"] in LEFT_OUT or claimed_date(row["date"]).date is None:
            continue
        key = name_key(row["artist"])
        if not key:
            continue
        printed.setdefault(key, row["artist"])
        by_name[key].append({**row, "tracks": tracks.get((row["source"], row["release_id"]), [])})
    acts, numbers = [], iter(range(1, 10_000_000))
    watched = {key: n for n, key in enumerate(sorted(by_name), 1) if _telling(by_name[key]) >= WATCHED}
    for number, key in enumerate(sorted(by_name), 1):
        act = Act(key, Artist(number, printed[key]))
        for role, rows in _by_role(by_name[key]):
            found = [_shown(group, role, watched | {key: number}, next(numbers)) for group in _groups(rows)]
            (act.own if role == "own" else act.guest).extend(found)
        act.own.sort(key=when)
        acts.append(act)
    return acts


def _telling(rows: list[dict[str, Any]]) -> int:
    return sum(row["role"] == "own" and bool(row["label"].strip() or row["p_line"].strip()) for row in rows)


def when(shown: Shown) -> tuple[date, int]:
    """Order releases by their claim."""
    return (shown.date or date(shown.year or 1, 12, 31), shown.group_id)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def _by_role(rows: list[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for said, role in GUESTS.items():
        yield role, [row for row in rows if row["role"] == said]


def _groups(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Group an act's rows; recordings tie nothing here, for an export lists only the liked tracks of an album."""
    by_ref: dict[tuple[str, str], dict[str, Any]] = {}
    appearances = []
    for row in rows:
        claimed = claimed_date(row["date"])
        one = Appearance(
            platform=row["source"],
            platform_id=row["release_id"],
            title=row["title"],
            acts=frozenset({"artist:0"}),
            dated=claimed.date,
            day=claimed.precision == "day",
            gtins=frozenset(filter(None, [gtin14(row["upc"] or None)])),
            kind={"album": "album", "single": "single", "ep": "ep"}.get(row["type"], ""),
        )
        if one.ref not in by_ref:
            by_ref[one.ref] = row
            appearances.append(one)
    for refs in grouped(appearances, ties(appearances)):
        yield [by_ref[ref] for ref in sorted(refs)]


def _shown(rows: list[dict[str, Any]], role: str, watched: Mapping[str, int], number: int) -> Shown:
    dates = [claimed_date(row["date"]) for row in rows]
    days = [d.date for d in dates if d.precision == "day" and d.date]
    years = [d.date.year for d in dates if d.date]
    lines = {
        Line(kind, row[name], line_key(row[name]))
        for row in rows
        for kind, name in (("label", "label"), ("p", "p_line"))
        if row[name].strip()
    }
    told = [t for row in rows for t in row["tracks"]]
    tracks = tuple(
        Track(t["title"], title_key(t["title"]), None, _milliseconds(t["duration_ms"]), isrc(t["isrc"] or None))
        for t in told
    )
    isrcs = frozenset(t.isrc for t in tracks if t.isrc)
    gtins = frozenset(filter(None, (gtin14(row["upc"] or None) for row in rows)))
    day = min(days) if days else None
    seen = datetime.combine(day or date(min(years), 6, 30), time(12), UTC)
    blind = {name for name, there in (("label", lines), ("isrc", isrcs), ("upc", gtins)) if not there}
    return Shown(
        group_id=number,
        title=rows[0]["title"],
        keys=frozenset(folded_title(row["title"]) for row in rows),
        kind=next((row["type"] for row in rows if row["type"] in ("album", "single", "ep")), ""),
        role=role,
        date=day,
        year=min(years),
        first_seen_at=seen,
        news=True,
        platforms=frozenset(row["platform"] for row in rows),
        lines=tuple(sorted(lines, key=lambda line: (line.kind, line.text))),
        isrcs=isrcs,
        gtins=gtins,
        credits=_credits(told, watched),
        tracks=tracks,
        blind=frozenset(blind | {"c_line", "provider", "composer", "genre"}),
    )


def _credits(told: list[dict[str, str]], watched: Mapping[str, int]) -> tuple[Credit, ...]:
    found: dict[tuple[str, str], Credit] = {}
    for track in told:
        for place, name in enumerate(filter(None, (n.strip() for n in track["artists"].split(";")))):
            key, role = name_key(name), "featured" if place else "main"
            found.setdefault((key, role), Credit(name, key, role, on_track=True, artist_id=watched.get(key)))
    return tuple(found[key] for key in sorted(found))


def _milliseconds(text: str) -> int | None:
    try:
        return int(float(text)) or None
    except ValueError:
        return None
