"""What was shown and is no longer: lines, credits, tracks and links end, and come back when they are shown again.

Only a whole answer to the question about the thing itself ends what it does not show; a list's rows do so as long as
nothing but lists was ever heard of a release. What an answer shows nothing of at all (no label, no track) may be a
field that went blind: that ends only when the whole answer before did not show it either.
"""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from storage.recording.merge import Bulk, Sheet, shown

Values = tuple[Any, ...]
Key = tuple[Any, ...]


@dataclass(slots=True)
class Endings:
    """What one look may end, and what it ended or brought back."""

    bulk: Bulk
    whole: int | None = None  # the release (or the profile) that this look shows whole
    before: Any = None  # when it was seen whole before, as the engine keeps moments
    blind: frozenset[str] = frozenset()
    summaries: Collection[int] = ()  # releases that are known by lists only
    changed: set[int] = field(default_factory=set)  # what something ended of, or came back to

    def settle(
        self,
        sheet: Sheet,
        found: Sequence[Values],
        told: Mapping[Any, object],
        kind: Callable[[Key], Hashable],
        quote: Callable[[Key, Values], object],
    ) -> dict[Key, Values]:
        """Take rows as read (key, whether ended, values): end and bring back; return them as they are compared.

        The first column of a key is the release or profile it hangs on; `kind` says what else of the same kind is.
        """
        width = sheet.parts
        existing: dict[Key, Values] = {row[:width]: row[width + 1 :] for row in found}
        back = [row for row in found if row[width] and row[:width] in told]
        lost: list[tuple[Key, Values]] = []
        if self.whole is not None or self.summaries:
            lost = [(row[:width], row) for row in found if self._is_lost(row, width, told)]
        if back:
            self._mark(sheet, [row[width + 1] for row in back], None)
            words = [(row[width + 1], shown(quote(row[:width], row[width + 3 :]))) for row in back]
            self.bulk.log += [(sheet.table, row_id, "returned", None, word) for row_id, word in words]
            self.changed |= {row[0] for row in back}
        if lost:
            self._end(sheet, self._over(sheet, lost, {kind(key) for key in told}, kind, width), quote, width)
        return existing

    def _is_lost(self, row: Values, width: int, told: Mapping[Any, object]) -> bool:
        """Tell whether a row was there before, no later look saw it, and this one, which should, does not."""
        may_end = row[0] == self.whole or row[0] in self.summaries
        return may_end and not row[width] and not row[width + 2] and row[:width] not in told

    def _over(
        self,
        sheet: Sheet,
        lost: list[tuple[Key, Values]],
        kinds: set[Hashable],
        kind: Callable[[Key], Hashable],
        width: int,
    ) -> list[Values]:
        """Choose the rows that ended: others of their kind are shown, or they were not shown the last time either."""
        over = [row for key, row in lost if kind(key) in kinds]
        unsure = {row[width + 1]: row for key, row in lost if kind(key) not in kinds and key[0] == self.whole}
        if unsure and self.before is not None:
            port = self.bulk.port
            query = f"SELECT id FROM {sheet.table} WHERE {port.among('id')} AND last_seen_at < ?"
            twice = [unsure[row[0]] for row in port.fetch(query, port.many(unsure), self.before)]
            over += [row for row in twice if not self.blind & {str(part) for part in row[:width]}]
        return over

    def _end(self, sheet: Sheet, over: list[Values], quote: Callable[[Key, Values], object], width: int) -> None:
        if over:
            self._mark(sheet, [row[width + 1] for row in over], self.bulk.now)
            words = [(row[width + 1], shown(quote(row[:width], row[width + 3 :]))) for row in over]
            self.bulk.log += [(sheet.table, row_id, "removed", word, None) for row_id, word in words]
            self.changed |= {row[0] for row in over}

    def end_rows(self, sheet: Sheet, over: Sequence[Values]) -> set[int]:
        """End rows (id, what they hang on, what to quote), and return what they hang on."""
        if over:
            self._mark(sheet, [row[0] for row in over], self.bulk.now)
            self.bulk.log += [(sheet.table, row[0], "removed", shown(row[2]), None) for row in over]
        return {row[1] for row in over}

    def end_with_tracks(self, sheet: Sheet, tracks: Sequence[int]) -> None:
        """End what hangs on tracks that ended."""
        if not tracks:
            return
        port = self.bulk.port
        query = f"SELECT id FROM {sheet.table} WHERE {port.among('track_id')} AND gone_at IS NULL ORDER BY id"
        ids = [row[0] for row in port.fetch(query, port.many(tracks))]
        if ids:
            self._mark(sheet, ids, self.bulk.now)
            self.bulk.log += [(sheet.table, row_id, "removed", None, None) for row_id in ids]

    def _mark(self, sheet: Sheet, ids: Sequence[int], gone_at: Any) -> None:
        port = self.bulk.port
        port.run(f"UPDATE {sheet.table} SET gone_at = ? WHERE {port.among('id')}", gone_at, port.many(sorted(ids)))
