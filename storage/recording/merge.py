"""Sets of rows against what the store has: new ones are inserted, changed ones updated and logged, the rest touched.

One query reads a table's rows, Python tells new, changed and same apart, and unchanged rows cost one statement that
moves their `last_seen_at`. A value that was not told (None) never overwrites one that was, and a look that is older
than a row only fills what the row does not know.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from storage.recording.engines import Port

K = TypeVar("K")
Values = tuple[Any, ...]
SHOWN = 500  # characters of a value that the change log quotes


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table as the bulk path sees it: natural key, what is told, and what is derived from what was told."""

    table: str
    key: tuple[str, ...]
    told: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()
    derive: Callable[[Port, Values], Values] = lambda _, __: ()
    idle: frozenset[str] = frozenset()  # columns that may move without meaning anything: counters, addresses
    alike: Mapping[str, Callable[[Any], object]] = field(default_factory=dict)  # what of a column's value has meaning
    shared: bool = False  # other transactions may insert into it at the same moment
    parts: int = 0  # so many of the key's first columns tell its rows apart; 0 for rows that never end

    @property
    def read(self) -> str:
        """The columns an existing row is compared by, after its id and whether it was seen later than now."""
        return ", ".join(("id", "last_seen_at > ?", *self.told))

    @property
    def read_child(self) -> str:
        """The columns of a row that may end: what tells it apart, whether it had ended by now, and the others."""
        return ", ".join((*self.key[: self.parts], "gone_at <= ?", self.read))


@dataclass(slots=True)
class Sorted(Generic[K]):
    """The rows of one set after they were written."""

    ids: dict[K, int] = field(default_factory=dict)
    new: list[K] = field(default_factory=list)
    changed: dict[K, dict[str, Any]] = field(default_factory=dict)  # columns that changed in meaning, as they were

    @property
    def meant(self) -> list[K]:
        """The rows that changed in meaning."""
        return [key for key, columns in self.changed.items() if columns]


@dataclass(slots=True)
class Bulk:
    """The writing of one look, with its moment and its change log."""

    port: Port
    at: datetime
    log: list[tuple[str, int, str, str | None, str | None]] = field(default_factory=list)
    now: Any = None

    def __post_init__(self) -> None:
        """Keep the moment as the engine does."""
        self.now = self.port.moment(self.at)

    def upsert(
        self,
        sheet: Sheet,
        existing: Mapping[K, Values],
        told: Mapping[K, Values],
        fixed: Callable[[K], Values],
        complete: Callable[[K, Values], Values] | None = None,
    ) -> Sorted[K]:
        """Write one table's rows; `fixed` spells a key's columns, `complete` fills what a new row can't lack."""
        done: Sorted[K] = Sorted()
        same: list[int] = []
        older: list[int] = []
        updates: list[Values] = []
        ids = done.ids
        for key, row in told.items():
            old = existing.get(key)
            if old is None:
                done.new.append(key)
                continue
            ids[key] = old[0]
            before = old[2:]
            if before != row and (after := _merged(before, row, older=old[1])) != before:
                updates.append((*after, *sheet.derive(self.port, after), self.now, self.now, old[0]))
                done.changed[key] = self._log_changes(sheet, old[0], before, after)
            elif not old[1]:
                same.append(old[0])
            if old[1]:
                older.append(old[0])
        self._update(sheet, updates)
        self.touch(sheet.table, same)
        self._began_earlier(sheet.table, older)
        self._insert(sheet, done, told, fixed, complete)
        return done

    def touch(self, table: str, ids: Sequence[int]) -> None:
        """Move `last_seen_at` of unchanged rows, in one statement."""
        if not ids:
            return
        first, last = min(ids), max(ids)
        if last - first + 1 == len(ids):  # rows that came together have ids in a row
            self.port.run(
                f"UPDATE {table} SET last_seen_at = ? WHERE id BETWEEN ? AND ? AND last_seen_at < ?",
                *(self.now, first, last, self.now),
            )
            return
        self.port.run(
            f"UPDATE {table} SET last_seen_at = ? WHERE {self.port.among('id')} AND last_seen_at < ?",
            *(self.now, self.port.many(ids), self.now),
        )

    def _began_earlier(self, table: str, ids: Sequence[int]) -> None:
        if ids:
            self.port.run(
                f"UPDATE {table} SET first_seen_at = ? WHERE {self.port.among('id')} AND first_seen_at > ?",
                *(self.now, self.port.many(ids), self.now),
            )

    def _update(self, sheet: Sheet, rows: Sequence[Values]) -> None:
        if rows:
            values = "".join(f"{column} = ?, " for column in (*sheet.told, *sheet.derived))
            seen = "last_seen_at = CASE WHEN last_seen_at < ? THEN ? ELSE last_seen_at END"
            self.port.run_each(f"UPDATE {sheet.table} SET {values}{seen} WHERE id = ?", rows)

    def _insert(
        self,
        sheet: Sheet,
        done: Sorted[K],
        told: Mapping[K, Values],
        fixed: Callable[[K], Values],
        complete: Callable[[K, Values], Values] | None,
    ) -> None:
        if not done.new:
            return
        rows = []
        now, port, derive = self.now, self.port, sheet.derive
        reserved = port.reserve(sheet.table, len(done.new))
        for row_id, key in zip(reserved, done.new, strict=True):
            row = told[key]
            if complete is not None:
                row = complete(key, row)
            done.ids[key] = row_id
            rows.append((row_id, *fixed(key), *row, *derive(port, row), now, now))
        columns = ("id", *sheet.key, *sheet.told, *sheet.derived, "first_seen_at", "last_seen_at")
        if not sheet.shared:
            port.insert(sheet.table, columns, rows)
        elif port.insert_shared(sheet.table, columns, rows) < len(rows):
            self._find_ids(sheet, done, fixed)

    def _find_ids(self, sheet: Sheet, done: Sorted[K], fixed: Callable[[K], Values]) -> None:
        """Read the ids of rows that somebody else inserted before us."""
        where = " AND ".join(f"{column} = ?" for column in sheet.key)
        for key in list(done.new):
            found = self.port.fetch(f"SELECT id FROM {sheet.table} WHERE {where}", *fixed(key))[0][0]
            if found != done.ids[key]:
                done.ids[key] = found
                done.new.remove(key)

    def _log_changes(self, sheet: Sheet, row_id: int, before: Values, after: Values) -> dict[str, Any]:
        """Log what changed; return the columns whose change means something, with their old values."""
        meant = {}
        for column, old, new in zip(sheet.told, before, after, strict=True):
            if old != new:
                self.log.append((sheet.table, row_id, column, shown(old), shown(new)))
                core = sheet.alike.get(column)
                if column not in sheet.idle and (core is None or core(old) != core(new)):
                    meant[column] = old
        return meant


def shown(value: Any) -> str | None:
    """Write a value as the change log quotes it, the same on both engines."""
    return None if value is None else str(int(value) if isinstance(value, bool) else value)[:SHOWN]


def _merged(before: Values, told: Values, *, older: bool) -> Values:
    if older:
        return tuple(new if old is None else old for old, new in zip(before, told, strict=True))
    return tuple(old if new is None else new for old, new in zip(before, told, strict=True))
