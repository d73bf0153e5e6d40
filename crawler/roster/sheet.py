"""Rows out of a file as people have it: CSV in any spreadsheet's dress, JSON, JSON lines. Streamed, and never guessed.

UTF-8 and UTF-16 are told by themselves. Other bytes are read as CP1252 only where no other code page would make
another name of them; else the line is shown with what it may mean, and `encoding` decides.
"""

import csv
import json
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder, lookup
from collections.abc import Collection, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

MAX_BYTES = 200_000_000
CHUNK = 1 << 20
SEPARATORS = (",", ";", "\t")
MAC_LETTERS = re.compile(rb"[\x80-\x9f]")
WORD = re.compile(r"\w+")

Cells = dict[str, list[str]]


class BadFile(Exception):
    """The file can't be taken; each line says where and why."""

    def __init__(self, faults: list[str]) -> None:
        """Keep one line a fault."""
        super().__init__("; ".join(faults))
        self.faults = faults


class Number(str):
    """A JSON number as it is written: no digit of it is rounded."""

    __slots__ = ()


class Sheet:
    """One file's columns and rows; rows are read when they are asked for."""

    def __init__(self, path: Path, known: Collection[str], needed: Collection[str], encoding: str | None = None):
        """Open a file and check its columns; `known` are the columns that may stand there."""
        self.path, self.known, self.needed = path, known, needed
        self.encoding = _encoding(path, encoding)
        self.columns = tuple(known)  # JSON lines may say any of them
        suffix = path.suffix.lower()
        self._rows = {".json": self._json, ".jsonl": self._lines, ".ndjson": self._lines}.get(suffix, self._csv)()

    def rows(self) -> Iterator[tuple[str, Cells | ValueError]]:
        """Yield (where, cells), or (where, what is wrong with the row)."""
        return self._rows

    def _bad(self, *faults: str) -> BadFile:
        return BadFile([f"{self.path.name}: {fault}" for fault in faults])

    def _check(self, columns: list[str]) -> None:
        faults = [
            f"unknown column {c!r}; known: {', '.join(sorted(self.known))}" for c in columns if c not in self.known
        ]
        faults += [f"the column {c!r} is missing" for c in self.needed if c not in columns]
        if len(set(columns)) != len(columns):
            faults.append("a column is named twice")
        if faults:
            raise self._bad(*faults)
        self.columns = tuple(columns)

    def _csv(self) -> Iterator[tuple[str, Cells | ValueError]]:
        with self.path.open(encoding=self.encoding, newline="") as file:
            first = file.readline()
            told = re.fullmatch(r"sep=(.)\s*", first)
            separator = told[1] if told else self._separator(first)
            rows = csv.reader(file if told else chain([first], file), delimiter=separator, strict=True)
            try:
                names = [column.strip().lower() for column in next(rows, [])]
            except csv.Error as error:
                raise self._bad(f"not readable as CSV: {error}") from None
        while names and not names[-1]:
            names.pop()
        self._check(names)
        return self._csv_rows(names, separator, 1 if told else 0)

    def _csv_rows(self, names: list[str], separator: str, skipped: int) -> Iterator[tuple[str, Cells | ValueError]]:
        with self.path.open(encoding=self.encoding, newline="") as file:
            reader = csv.reader(islice(file, skipped, None), delimiter=separator, strict=True)
            try:
                next(reader)
                for row in reader:
                    where = f"{self.path.name}:line {reader.line_num + skipped}"
                    if not any(cell.strip() for cell in row):
                        continue
                    while len(row) > len(names) and not row[-1].strip():
                        row.pop()
                    if len(row) != len(names):
                        yield where, ValueError(f"{len(row)} cells under {len(names)} columns")
                        continue
                    yield where, {c: _values(cell) for c, cell in zip(names, row, strict=True)}
            except csv.Error as error:
                raise self._bad(f"not readable as CSV: {error}") from None

    def _separator(self, header: str) -> str:
        """Find what separates the columns: with it, most of the header's names are known."""

        def recognised(separator: str) -> int:
            return sum(name.strip().strip('"').lower() in self.known for name in header.split(separator))

        counts = {separator: recognised(separator) for separator in SEPARATORS}
        return max(SEPARATORS, key=lambda separator: counts[separator])  # the comma where nothing tells

    def _json(self) -> Iterator[tuple[str, Cells | ValueError]]:
        try:
            rows = _parsed(self.path.read_text(encoding=self.encoding))
        except (ValueError, RecursionError) as error:
            raise self._bad(f"not readable as JSON: {error}") from None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self._bad("a list of objects was expected")
        first = [name for name in self.needed if any(name in row for row in rows)]
        self._check(list(dict.fromkeys([*first, *(key for row in rows for key in row)])))
        return iter([(f"{self.path.name}:item {number}", _cells(row)) for number, row in enumerate(rows, 1)])

    def _lines(self) -> Iterator[tuple[str, Cells | ValueError]]:
        with self.path.open(encoding=self.encoding) as file:
            for number, line in enumerate(file, 1):
                where = f"{self.path.name}:line {number}"
                if not line.strip():
                    continue
                try:
                    row = _parsed(line)
                except (ValueError, RecursionError) as error:
                    yield where, ValueError(f"not readable as JSON: {error}")
                    continue
                if not isinstance(row, dict):
                    yield where, ValueError("an object was expected")
                elif unknown := [key for key in row if key not in self.known]:
                    yield where, ValueError(f"unknown column {unknown[0]!r}; known: {', '.join(sorted(self.known))}")
                else:
                    yield where, _cells(row)


def _values(cell: str) -> list[str]:
    return [value.strip() for value in cell.split("|") if value.strip()]


def _parsed(text: str) -> Any:
    return json.loads(text, parse_float=Number, parse_int=Number, parse_constant=Number, object_pairs_hook=_object)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _cells(row: dict[str, Any]) -> Cells | ValueError:
    """Read a JSON object as a row: texts and numbers, alone or in a list; anything else is refused."""
    cells: Cells = {}
    for column, value in row.items():
        found = []
        for one in value if isinstance(value, list) else [value]:
            if one is None:
                continue
            if not isinstance(one, str):
                return ValueError(f"{column}: text was expected, got {_kind(one)}")
            if one.strip():
                found.append(one if isinstance(one, Number) else one.strip())
        cells[column] = found
    return cells


def _kind(value: object) -> str:
    shown = json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict | list):
        return f"{'an object' if isinstance(value, dict) else 'a list'} ({shown[:60]})"
    return shown


def _encoding(path: Path, wanted: str | None) -> str:
    """Find out how a file's text is written, or say which line nobody can know."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadFile([f"{path.name}: larger than {MAX_BYTES // 1_000_000} MB"])
        with path.open("rb") as file:
            start = file.read(4096)
        encoding = _named(path, wanted) if wanted else _by_mark(start)
        fault = _undecodable(path, encoding)
    except OSError as error:
        raise BadFile([f"{path}: {error.strerror or error}"]) from None
    if fault is None:
        return encoding
    if wanted or not encoding.startswith("utf-8"):
        raise BadFile([f"{path.name}:{fault[0]}: not {encoding.upper()} (byte 0x{fault[1]:02x})"])
    _must_be_western(path, fault)
    return "cp1252"


def _named(path: Path, wanted: str) -> str:
    try:
        found = lookup(wanted).name
        "".encode(found)
    except (LookupError, ValueError, TypeError):
        raise BadFile([f"{path.name}: unknown encoding {wanted!r}; try utf-8, utf-16, cp1252 or cp1250"]) from None
    return "utf-8-sig" if found == "utf-8" else found


def _by_mark(start: bytes) -> str:
    if start.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16"
    if not start.startswith(BOM_UTF8) and len(start) > 3:  # ASCII column names in UTF-16 are half zeros
        even, odd = start[0:64:2], start[1:64:2]
        if odd.count(0) > len(odd) * 0.8 and not even.count(0):
            return "utf-16-le"
        if even.count(0) > len(even) * 0.8 and not odd.count(0):
            return "utf-16-be"
    return "utf-8-sig"


def _undecodable(path: Path, encoding: str) -> tuple[int, int] | None:
    """Return the line and the byte at which a file stops being text of this encoding."""
    decoder, line = getincrementaldecoder(encoding)(), 1
    with path.open("rb") as file:
        while True:
            chunk = file.read(CHUNK)
            try:
                line += decoder.decode(chunk, final=not chunk).count("\n")
            except UnicodeDecodeError as error:
                before = error.object[: error.start]
                return line + before.count(b"\n"), error.object[error.start]
            if not chunk:
                return None


def _must_be_western(path: Path, fault: tuple[int, int]) -> None:
    """Raise unless every line means the same in the code pages of Western and of Central Europe."""
    with path.open("rb") as file:
        for number, line in enumerate(file.read().splitlines(), 1):
            readings = {name: _decoded(line, name) for name in ("cp1252", "cp1250", "mac_roman")}
            western = readings["cp1252"]
            mac = MAC_LETTERS.search(line)  # in these places a Macintosh has its letters, and others signs
            same = western is not None and western == readings["cp1250"]
            if line.isascii() or (same and not mac and _reads_like_names(western or "")):
                continue
            shown = " or ".join(f"{text!r} ({name})" for name, text in readings.items() if text)
            raise BadFile(
                [
                    f"{path.name}:{number}: not UTF-8 (byte 0x{fault[1]:02x} in line {fault[0]}); the line may read "
                    f"{shown[:400]}: say which with --encoding, or save the file as UTF-8"
                ]
            )


def _decoded(line: bytes, encoding: str) -> str | None:
    try:
        return line.decode(encoding)
    except UnicodeDecodeError:
        return None


def _reads_like_names(text: str) -> bool:
    """Tell whether letters beyond ASCII stand as they do in Western names: few in a word, and in its case."""
    for word in WORD.findall(text):
        strange = [c for c in word if not c.isascii()]
        lower = sum(c.islower() for c in word if c.isascii())
        upper = sum(c.isupper() for c in word if c.isascii())
        if strange and len(strange) * 2 > len(word):
            return False
        inner = [c for c in word[1:] if not c.isascii()]
        if any(c.isupper() and lower for c in inner) or any(c.islower() and upper > 1 and not lower for c in strange):
            return False
    return True
