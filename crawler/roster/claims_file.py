"""Claims from a file: one row says what of an artist is the rights holder's, or is not. Streamed, row by row.

CSV or JSON with `artist` (name, key or MBID) or `mbid`, and what is claimed: `isrc`, `upc`, `release`, `label`,
`isrc_prefix`, `profile`, `distributor`; `stance` is "ours" unless it says "not ours"; `note` is kept. Another form (a
label's DDEX feed) is one more reader in READERS.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.roster.cells import SHORTENED, WHOLE, artist_pages, read_profile
from crawler.roster.file import ISRC_PREFIX
from crawler.roster.sheet import BadFile, Cells, Sheet
from spiders.base import pages
from spiders.base.platform import platform_names
from storage import normalize
from storage.claims import NOT_OURS, OURS, SUBJECTS, Claim
from storage.facts.roll import Known

WHO = ("artist", "mbid")
COLUMNS = (*WHO, *SUBJECTS, "stance", "note")
SHOWN = 100  # faults told one by one
STANCES = {
    "": OURS, "ours": OURS, "yes": OURS, "own": OURS, "mine": OURS,
    "not ours": NOT_OURS, "not_ours": NOT_OURS, "no": NOT_OURS, "refused": NOT_OURS, "foreign": NOT_OURS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """One claim as a file says it, before it is known whose artist is meant."""

    who: str
    subject: str
    value: str
    key: str
    stance: str
    place: str
    note: str = ""


Row = tuple[str, list[Said] | ValueError]


def read_claims(path: Path, encoding: str | None = None, artist: str | None = None) -> Iterator[Row]:
    """Yield what each row says, or what is wrong with it; `artist` is meant where a row names none."""
    reader = READERS.get(path.suffix.lower(), _rows)
    return reader(path, encoding, artist)


def _rows(path: Path, encoding: str | None, artist: str | None) -> Iterator[Row]:
    sheet = Sheet(path, COLUMNS, (), encoding)
    if not {*SUBJECTS} & {*sheet.columns}:
        raise BadFile([f"{path.name}: no column says what is claimed; there are {', '.join(SUBJECTS)}"])
    if artist is None and not {*WHO} & {*sheet.columns}:
        raise BadFile([f"{path.name}: the column 'artist' is missing (or say --artist)"])
    platforms = frozenset(platform_names())
    for where, cells in sheet.rows():
        if isinstance(cells, ValueError):
            yield where, cells
            continue
        try:
            yield where, _said(cells, where.partition(":")[2], artist, platforms)
        except ValueError as fault:
            yield where, fault


READERS: dict[str, Callable[[Path, str | None, str | None], Iterator[Row]]] = {}  # by the file's ending


def _said(cells: Cells, place: str, artist: str | None, platforms: frozenset[str]) -> list[Said]:
    who = _one(cells, "mbid") or _one(cells, "artist") or artist
    if not who:
        raise ValueError("artist: empty")
    stance = STANCES.get((_one(cells, "stance") or "").lower())
    if stance is None:
        raise ValueError(f"stance: 'ours' or 'not ours' was expected, got {_one(cells, 'stance')!r}")
    note = _text("note", "; ".join(cells.get("note", [])), normalize.NAME)
    found = []
    for subject in SUBJECTS:
        for cell in cells.get(subject, []):
            try:
                value, key = read_value(subject, str(cell), platforms)
            except ValueError as fault:
                raise ValueError(f"{subject}: {fault}") from None
            found.append(Said(who, subject, value, key, stance, place, note))
    if not found:
        raise ValueError("nothing is claimed: every cell is empty")
    return found


def _one(cells: Cells, column: str) -> str | None:
    values = cells.get(column, [])
    if len(values) > 1:
        raise ValueError(f"{column}: one value was expected, got {len(values)}")
    return str(values[0]) if values else None


def _text(column: str, value: str, longest: int) -> str:
    cleaned, faults = normalize.clean_text(value, longest)
    if faults:
        raise ValueError(f"{column}: {', '.join(faults)}")
    return cleaned


def read_value(subject: str, cell: str, platforms: frozenset[str]) -> tuple[str, str]:
    """Return a claimed value as written and as it is compared, or raise ValueError."""
    match subject:
        case "isrc":
            key = normalize.isrc(cell)
            if key is None:
                raise ValueError(f"not an ISRC: {cell[:40]!r}")
            return cell, key
        case "upc":
            return cell, _gtin14(cell)
        case "isrc_prefix":
            prefix = cell.upper().replace("-", "")
            if not ISRC_PREFIX.fullmatch(prefix):
                raise ValueError(f"not the start of an ISRC: {cell[:40]!r}")
            return prefix, prefix
        case "release":
            return cell, _release(cell, platforms)
        case "profile":
            return cell, _profile(cell, platforms)
        case _:
            printed = _text(subject, cell, normalize.LINE)
            return printed, normalize.line_key(printed)


def _gtin14(cell: str) -> str:
    if SHORTENED.fullmatch(cell):
        raise ValueError(f"a spreadsheet has shortened this number, digits are lost: {cell!r}")
    digits = whole[1] if (whole := WHOLE.fullmatch(cell)) else cell
    if 8 < len(digits) < 12 and digits.isascii() and digits.isdigit():
        digits = digits.zfill(12)  # a spreadsheet drops zeros in front; the check digit tells whether that was all
    key = normalize.gtin14(digits)
    if key is None or not re.fullmatch(r"[0-9 -]+", digits):
        raise ValueError(f"not a barcode (its length or its check digit is wrong): {cell[:40]!r}")
    return key


def _release(cell: str, platforms: frozenset[str]) -> str:
    if page := pages.release_of(cell):
        return ":".join(page)
    platform, _, release_id = cell.partition(":")
    if platform.lower() not in platforms or not re.fullmatch(r"[\w-]{1,100}", release_id, re.ASCII):
        raise ValueError(f"a release's address or <platform>:<id> was expected: {cell[:80]!r}")
    return f"{platform.lower()}:{release_id}"


def _profile(cell: str, platforms: frozenset[str]) -> str:
    for platform, profile_id in artist_pages(cell):
        if platform in platforms:
            return f"{platform}:{profile_id}"
    platform, _, profile_id = cell.partition(":")
    if platform.lower() not in platforms:
        raise ValueError(f"an artist page's address or <platform>:<id> was expected: {cell[:80]!r}")
    return f"{platform.lower()}:{read_profile(platform.lower(), profile_id)}"


class Artists:
    """Whom a row means by a name, a key or an MBID."""

    def __init__(self, known: list[Known]) -> None:
        """Take the roster."""
        self.exact: dict[str, list[Known]] = {}
        self.folded: dict[str, list[Known]] = {}
        for k in known:
            for word in filter(None, (k.key, k.mbid, k.name)):
                self.exact.setdefault(word, []).append(k)
            self.folded.setdefault(k.name_key, []).append(k)

    def meant(self, who: str) -> int:
        """Return the artist's id, or raise ValueError."""
        found = self.exact.get(who) or self.exact.get(who.lower()) or self.folded.get(normalize.name_key(who), [])
        ids = {k.id for k in found}
        if not ids:
            raise ValueError(f"artist: nobody on the roster is called {who[:80]!r}")
        if len(ids) > 1:
            raise ValueError(f"artist: {len(ids)} artists are called {who[:80]!r}; give the MBID or the key")
        return ids.pop()


def _word(stance: str) -> str:
    return "ours" if stance == OURS else "not ours"


def claims_of(
    path: Path, authority: str, artists: Artists, encoding: str | None, artist: str | None
) -> Iterator[Claim]:
    """Yield a file's claims; raise BadFile at the end when rows were bad, however many came before."""
    faults: list[str] = []
    bad = 0
    stances: dict[tuple[int, str, str], tuple[str, str]] = {}
    for where, said in read_claims(path, encoding, artist):
        try:
            if isinstance(said, ValueError):
                raise said
            for s in said:
                artist_id = artists.meant(s.who)
                stance, place = stances.setdefault((artist_id, s.subject, s.key), (s.stance, s.place))
                if stance != s.stance:
                    raise ValueError(
                        f"{s.subject} {s.value!r} is {_word(s.stance)} here and {_word(stance)} in {place}"
                    )
                yield Claim(artist_id, s.subject, s.value, s.key, s.stance, authority, path.name, s.place, s.note)
        except ValueError as fault:
            bad += 1
            if len(faults) < SHOWN:
                faults.append(f"{where}: {fault}")
    if faults:
        more = [f"{path.name}: and {bad - SHOWN} more bad rows"] if bad > SHOWN else []
        raise BadFile(faults + more)
