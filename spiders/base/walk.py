"""How much of a list was seen: the one place where pages become a coverage.

A walk is complete only if the platform's own end marker ended it, no page came twice, every entry could be read, and as
many distinct ids came as the platform ever promised; a page that was short before the end is forgiven only when an
unmoving total vouches for it. Anything else is partial, and says why. Where many entries are odd, the shape of answers
has drifted: that is loud, whatever could still be read.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from spiders.base.errors import TOLD, Misunderstood, Refused, Trouble, legible
from spiders.base.reading import Noted, each, noting
from storage.observations import Coverage, Outcome, TrackSeen

T = TypeVar("T")


def key_of(row: Sequence[Any]) -> str:
    """Return what a row counts as: a track that stands on a release twice is two rows."""
    seen = row[0]
    if isinstance(seen, TrackSeen) and seen.position is not None:
        return f"{seen.disc}/{seen.position}/{seen.id}"
    return str(seen.id)


@dataclass(slots=True)
class Walk:
    """The tally of one list, page by page."""

    resumed: bool = False
    pages: int = 0
    cost: int = 0
    expected: int | None = None
    ids: set[str] = field(default_factory=set)
    doubts: list[str] = field(default_factory=list)
    blind: frozenset[str] = frozenset()
    resume: str | None = None  # where to go on if trouble comes now; kept up to date by the platform
    circled: bool = False  # a page came twice: the end was never seen
    short: bool = False  # a page before the last held less than asked
    entries: int = 0  # of the pages so far, readable or not
    passed_odd: bool = False  # a page that was passed held an entry that could not be read
    noted: Noted = field(default_factory=Noted)  # the entries that could not be read
    cut: bool = False  # the platform shows only so many, and so many came
    _totals: set[int] = field(default_factory=set)
    _seen_pages: set[tuple[str, ...]] = field(default_factory=set)

    def page(
        self, ids: Iterable[str], *, total: int | None = None, asked: int | None = None, more: bool = False
    ) -> bool:
        """Count a page; False means that the walk goes in circles and must stop.

        `total` is what the platform says the list holds, `asked` the page size asked for, `more` its end marker.
        """
        row, self.passed_odd = tuple(ids), bool(self.noted)
        self.pages += 1
        if total is not None:
            self.expected = total if self.expected is None else max(self.expected, total)
            self._totals.add(total)
        circling = bool(row) and (row in self._seen_pages or (more and self.ids.issuperset(row)))
        self._seen_pages.add(row)
        self.ids.update(row)
        if circling:
            self.circled = True
            self.doubt("the same page came twice")
            return False
        self.short |= more and asked is not None and len(row) < asked
        return True

    def at(self, said: int, asked: int) -> None:
        """Doubt a page that is for another offset than asked."""
        if said != asked:
            self.doubt("the answer is for another offset than asked")

    def stuck(self, entries: Sequence[Any], *, more: bool) -> str:
        """Say why a list can't be followed by offsets any further; "" where it can, or has ended."""
        if self.circled:
            return "the list goes in circles"
        return "an empty page before the end" if more and not entries else ""

    def read(self, reader: Callable[[Any], T], raw: Any) -> T:
        """Read a thing; of the lists inside it, odd entries are noted and left out."""
        with noting(self.noted):
            return reader(raw)

    def read_rows(self, entries: Sequence[Any], what: str, reader: Callable[[Any], T]) -> tuple[T, ...]:
        """Read a list entry by entry; odd ones are noted and left out."""
        first, self.entries = self.entries + 1, self.entries + len(entries)
        with noting(self.noted):
            return each(entries, what, reader, first)

    def must_show(self, entries: Sequence[Any], told: Sequence[Any]) -> None:
        """Raise where a page had entries and none of them could be read; a null is a gap and no entry."""
        if not told and any(entry is not None for entry in entries):
            raise Misunderstood(self.noted.told())

    def doubt(self, reason: str) -> None:
        """Note why this walk can't be called complete."""
        if reason not in self.doubts:
            self.doubts.append(reason)

    def ended(self) -> Coverage:
        """Close a walk that came to the platform's own end marker."""
        if self.expected is not None and len(self.ids) < self.expected and not self.resumed:
            self.doubt(f"{len(self.ids)} of {self.expected} came")
        if self.short and len(self._totals) != 1:
            self.doubt("a page before the last was short")
        return replace(self._closed("end of list"), to_end=not self.circled)

    def stopped(self, reason: str) -> Coverage:
        """Close a walk that we stopped before its end."""
        self.doubt(reason)
        return self._closed("")

    def absent(self, reason: str = "no such thing") -> Coverage:
        """Close a walk whose subject is not there."""
        return self._coverage(Outcome.ABSENT, reason)

    def withheld(self, reason: str) -> Coverage:
        """Close a walk whose answer this credential may not see."""
        return self._coverage(Outcome.BLIND, reason)

    def failed(self, trouble: Trouble) -> Coverage:
        """Close a walk that met trouble; what came before it stays told."""
        resume = None if self.passed_odd else self.resume  # the rest alone would look whole
        coverage = self._coverage(trouble.outcome, str(trouble) or type(trouble).__name__, resume)
        return replace(coverage, about_target=isinstance(trouble, Refused) and trouble.about_target)

    def _closed(self, otherwise: str) -> Coverage:
        if self.noted:
            self.doubt(self.noted.told())
        outcome = Outcome.PARTIAL if self.doubts else Outcome.COMPLETE
        if self.noted.is_drift():
            outcome = Outcome.MALFORMED
        return self._coverage(outcome, "; ".join(self.doubts) or otherwise)

    def _coverage(self, outcome: Outcome, reason: str, resume: str | None = None) -> Coverage:
        return Coverage(
            outcome=outcome,
            pages=self.pages,
            expected=self.expected,
            received=len(self.ids),
            stop_reason=legible(reason, TOLD),  # it may quote what came
            cost=self.cost,
            resume=resume,
            resumed=self.resumed,
            blind=self.blind,
            odd=len(self.noted),
            cut=self.cut,
        )
