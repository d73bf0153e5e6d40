"""A case's findings beside what the artist's own pages usually show: field by field, what differs is marked. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from storage.console.beside import Usual
from storage.facts.case_file import Appearance, CaseFile
from storage.normalize import name_key

LATE = timedelta(days=60)
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Field:
    """One field of both sides."""

    name: str
    usual: tuple[str, ...]
    here: tuple[str, ...]
    differs: bool = False
    note: str = ""
    is_name: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """One finding beside the official page of its platform, or another platform's where there is none."""

    appearance: Appearance
    usual: Usual | None
    borrowed: bool
    fields: tuple[Field, ...]


def beside(file: CaseFile, pages: Sequence[Usual]) -> list[Side]:
    """Hold every finding against an official page."""
    sides = []
    for one in file.appearances:
        page = _page_for(one, pages)
        fields = _of_page(one, page) if one.release is None else _of_release(one, page, file.artist.name)
        sides.append(Side(one, page, page is not None and page.profile.platform != one.profile.platform, tuple(fields)))
    return sides


def _page_for(one: Appearance, pages: Sequence[Usual]) -> Usual | None:
    same = [page for page in pages if page.profile.platform == one.profile.platform]
    return max(same or pages, key=lambda page: page.releases, default=None)


def duration(ms: float | None) -> str:
    """Write a duration in minutes and seconds."""
    if not ms:
        return ""
    seconds = round(ms / 1000)
    return f"{seconds // 60}:{seconds % 60:02}"


def _top(counted: Any) -> tuple[str, ...]:
    ranked = counted.most_common(SHOWN)
    more = len(counted) - len(ranked)
    return tuple([f"{text} ({times})" for text, times in ranked] + ([f"and {more} more"] if more > 0 else []))


def _of_release(one: Appearance, page: Usual | None, artist: str) -> list[Field]:
    row = one.release
    assert row is not None
    told = page or Usual(one.profile)
    isrcs = sorted({t.isrc[:5] for t in one.tracks if t.isrc})
    lengths = sorted(t.duration_ms for t in one.tracks if t.duration_ms)
    median = lengths[len(lengths) // 2] if lengths else None
    twin = told.titles.get(row.title_key)
    beside_it = (twin or "none of that title",) if told.releases else ()
    prefix = row.gtin14[:8] if row.gtin14 else ""
    late = bool(row.date) and row.first_seen_at.date() - row.date > LATE
    return [
        Field("title", beside_it, (row.title,), bool(twin), "stands there already" if twin else ""),
        _credited(one, page, artist),
        Field("kind", _top(told.kinds), _some(row.kind), _is_new(row.kind, told.kinds)),
        _lines("label", "label", told.labels, one, told),
        _lines("℗ line", "p", told.p_lines, one, told),
        _lines("© line", "c", told.c_lines, one, told),
        Field("barcode begins", _top(told.prefixes), _some(prefix), _is_new(prefix, told.prefixes)),
        Field(
            "ISRC registrants",
            _top(told.registrants),
            tuple(isrcs),
            bool(told.registrants) and any(code not in told.registrants for code in isrcs),
        ),
        Field(
            "claimed date",
            _some(f"{told.first_date} to {told.last_date}" if told.first_date else ""),
            _some(row.date_raw),
            late,
            f"first seen {row.first_seen_at:%Y-%m-%d}, long after" if late else "",
        ),
        Field(
            "typical duration",
            _some(duration(told.duration_ms)),
            _some(duration(median)),
            bool(median and told.duration_ms and not 0.5 <= median / told.duration_ms <= 2),
        ),
        Field("genres", (), _listed(row.genres)),
        Field("AI disclosed", (), tuple(f"{d.field}: {d.value}" for d in one.disclosures)),
    ]


def _credited(one: Appearance, page: Usual | None, artist: str) -> Field:
    printed = tuple(credit.name for credit in one.credits)
    known = {name_key(artist), name_key(page.profile.name if page else artist)}
    is_missing = bool(printed) and not known & {name_key(name) for name in printed}
    note = "the artist is not among them" if is_missing else ""
    return Field("credited to", _some(page and page.profile.name), printed, is_missing, note, is_name=True)


def _lines(name: str, kind: str, counted: Any, one: Appearance, told: Usual) -> Field:
    mine = [line for line in one.lines if line.kind == kind]
    differs = bool(told.line_keys) and any(line.text_key not in told.line_keys for line in mine)
    return Field(name, _top(counted), tuple(line.text for line in mine), differs, "new to the page" if differs else "")


def _of_page(one: Appearance, page: Usual | None) -> list[Field]:
    mine, theirs = one.profile, page.profile if page is not None else None
    found = [Field("name", _some(theirs and theirs.name), (mine.name,), is_name=True)]
    for name, key in (("followers", "followers"), ("releases", "release_count"), ("country", "country")):
        found.append(Field(name, _some(theirs and getattr(theirs, key)), _some(getattr(mine, key))))
    found.append(Field("genres", _listed(theirs and theirs.genres), _listed(mine.genres)))
    found.append(Field("said to be", _some(theirs and theirs.disambiguation), _some(mine.disambiguation)))
    found.append(
        Field(
            "first seen by us",
            _some(theirs and f"{theirs.first_seen_at:%Y-%m-%d}"),
            _some(f"{mine.first_seen_at:%Y-%m-%d}"),
        )
    )
    return found


def _some(value: object) -> tuple[str, ...]:
    return () if value is None or value == "" else (str(value),)


def _is_new(value: str | None, counted: Any) -> bool:
    return bool(value) and bool(counted) and value not in counted


def _listed(text: str | None) -> tuple[str, ...]:
    if not text:
        return ()
    return tuple(str(one) for one in json.loads(text))
