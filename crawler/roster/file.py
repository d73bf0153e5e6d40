"""The roster file: CSV or JSON in, checked rows out. Nothing of a file with a bad row is taken.

CSV has the header `name,aliases,mbid,labels,isrc_prefixes,<platform>...`; several values in a cell are separated by
`|`. JSON is a list of objects with the same keys, several values as lists.
"""

import csv
import io
import json
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spiders.base.platform import platform_names
from storage.normalize import clean_text, name_key

FIXED = ("name", "aliases", "mbid", "labels", "isrc_prefixes", "weight")
MBID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
PROFILE_ID = {
    "spotify": re.compile(r"[0-9A-Za-z]{22}"),
    "deezer": re.compile(r"[1-9]\d*"),
    "itunes": re.compile(r"[1-9]\d*"),
    "musicbrainz": MBID,
}
ISRC_PREFIX = re.compile(r"[A-Z]{2}[A-Z0-9]{3}(\d{2})?")
MAX_BYTES = 200_000_000


class BadRoster(Exception):
    """The roster file can't be taken; each line says where and why."""

    def __init__(self, faults: list[str]) -> None:
        """Keep one line a fault."""
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class RosterArtist:
    """One monitored artist as the roster names it."""

    name: str
    aliases: tuple[str, ...] = ()
    mbid: str | None = None
    labels: tuple[str, ...] = ()
    isrc_prefixes: tuple[str, ...] = ()
    weight: float = 1.0
    profiles: dict[str, tuple[str, ...]] = field(default_factory=dict)  # platform -> official profile ids

    @property
    def key(self) -> str:
        """Identify the artist across imports."""
        return self.mbid or name_key(self.name)


def read_roster(path: Path) -> list[RosterArtist]:
    """Read and check a roster file, or raise BadRoster with every fault's line and reason."""
    text = _text(path)
    rows = _json_rows(path, text) if path.suffix.lower() == ".json" else _csv_rows(path, text)
    artists: dict[str, RosterArtist] = {}
    owners: dict[tuple[str, str], str] = {}
    faults = []
    for where, row in rows:
        try:
            artist = _artist(row)
            if artist.key in artists:
                raise ValueError(f"the artist {artist.name!r} is in the file twice")
            for platform, ids in artist.profiles.items():
                for profile_id in ids:
                    other = owners.setdefault((platform, profile_id), artist.name)
                    if other != artist.name:
                        raise ValueError(f"{platform} profile {profile_id} is also given to {other!r}")
            artists[artist.key] = artist
        except ValueError as fault:
            faults.append(f"{path.name}:{where}: {fault}")
    if faults:
        raise BadRoster(faults)
    if not artists:
        raise BadRoster([f"{path.name}: no artist in the file"])
    return list(artists.values())


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadRoster([f"{path.name}: larger than {MAX_BYTES // 1_000_000} MB"])
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise BadRoster([f"{path.name}:{line}: not UTF-8 (byte 0x{error.object[error.start]:02x})"]) from None
    except OSError as error:
        raise BadRoster([f"{path}: {error.strerror or error}"]) from None


def _csv_rows(path: Path, text: str) -> list[tuple[str, dict[str, Any]]]:
    try:
        reader = csv.reader(io.StringIO(text), strict=True)
        header = [column.strip().lower() for column in next(reader, [])]
        _check_columns(path, header)
        rows, short = [], []
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                short.append(f"{path.name}:line {reader.line_num}: {len(row)} cells under {len(header)} columns")
                continue
            cells = {c: [v.strip() for v in cell.split("|") if v.strip()] for c, cell in zip(header, row, strict=True)}
            rows.append((f"line {reader.line_num}", cells))
    except csv.Error as error:
        raise BadRoster([f"{path.name}: not readable as CSV: {error}"]) from None
    if short:
        raise BadRoster(short)
    return [(where, cells) for where, cells in rows]


def _json_rows(path: Path, text: str) -> list[tuple[str, dict[str, Any]]]:
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRoster([f"{path.name}: not readable as JSON: {error}"]) from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadRoster([f"{path.name}: a list of objects was expected"])
    _check_columns(path, ["name", *dict.fromkeys(key for row in rows for key in row if key != "name")])
    read = []
    for number, row in enumerate(rows, 1):
        cells = {}
        for column, value in row.items():
            values = value if isinstance(value, list) else [value]
            cells[column] = [str(v).strip() for v in values if v is not None and str(v).strip()]
        read.append((f"item {number}", cells))
    return read


def _check_columns(path: Path, columns: list[str]) -> None:
    known = {*FIXED, *platform_names()}
    faults = [
        f"{path.name}: unknown column {c!r}; known: {', '.join(sorted(known))}" for c in columns if c not in known
    ]
    if "name" not in columns:
        faults.append(f"{path.name}: the column 'name' is missing")
    if len(set(columns)) != len(columns):
        faults.append(f"{path.name}: a column is named twice")
    if faults:
        raise BadRoster(faults)


def _artist(cells: dict[str, list[str]]) -> RosterArtist:
    def one(column: str) -> str | None:
        values = cells.get(column, [])
        if len(values) > 1:
            raise ValueError(f"{column}: one value was expected, got {len(values)}")
        return values[0] if values else None

    name = one("name")
    if not name:
        raise ValueError("name: empty")
    mbid = one("mbid")
    if mbid is not None and not MBID.fullmatch(mbid := mbid.lower()):
        raise ValueError(f"mbid: not a MusicBrainz id: {mbid!r}")
    prefixes = tuple(p.upper().replace("-", "") for p in cells.get("isrc_prefixes", []))
    for prefix in prefixes:
        if not ISRC_PREFIX.fullmatch(prefix):
            raise ValueError(f"isrc_prefixes: not the start of an ISRC: {prefix!r}")
    profiles = {}
    for platform in platform_names():
        ids = tuple(dict.fromkeys(cells.get(platform, [])))
        form = PROFILE_ID.get(platform)
        for profile_id in ids:
            if form is not None and not form.fullmatch(profile_id):
                raise ValueError(f"{platform}: not a profile id: {profile_id!r}")
        if ids:
            profiles[platform] = ids
    if mbid is not None and "musicbrainz" not in profiles and "musicbrainz" in platform_names():
        profiles["musicbrainz"] = (mbid,)
    return RosterArtist(
        name=_printable("name", name),
        aliases=tuple(dict.fromkeys(_printable("aliases", alias) for alias in cells.get("aliases", []))),
        mbid=mbid,
        labels=tuple(dict.fromkeys(_printable("labels", label) for label in cells.get("labels", []))),
        isrc_prefixes=prefixes,
        weight=_weight(one("weight")),
        profiles=profiles,
    )


def _printable(column: str, value: str) -> str:
    cleaned, faults = clean_text(value)
    if faults or any(unicodedata.category(c) == "Cc" for c in value):
        raise ValueError(f"{column}: control characters or broken text")
    return cleaned


def _weight(value: str | None) -> float:
    try:
        weight = 1.0 if value is None else float(value)
    except ValueError:
        raise ValueError(f"weight: not a number: {value!r}") from None
    if not 0 < weight <= 1000:
        raise ValueError(f"weight: must lie above 0 and up to 1000, is {weight:g}")
    return weight
