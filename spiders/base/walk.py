"""How much of a list was seen: the one place where pages become a coverage.

A walk is complete only if the platform's own end marker ended it, no page came twice, and as many distinct ids came as
the platform ever promised; a page that was short before the end is forgiven only when an unmoving total vouches for it.
Anything else is partial, and says why.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from spiders.base.errors import Trouble
from storage.observations import Coverage, Outcome


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
    cut: bool = False  # the platform shows only so many, and so many came
    _totals: set[int] = field(default_factory=set)
    _seen_pages: set[tuple[str, ...]] = field(default_factory=set)

    def page(
        self, ids: Iterable[str], *, total: int | None = None, asked: int | None = None, more: bool = False
    ) -> bool:
        """Count a page; False means that the walk goes in circles and must stop.

        `total` is what the platform says the list holds, `asked` the page size asked for, `more` its end marker.
        """
        row = tuple(ids)
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
        outcome = Outcome.PARTIAL if self.doubts else Outcome.COMPLETE
        return replace(self._coverage(outcome, "; ".join(self.doubts) or "end of list"), to_end=not self.circled)

    def stopped(self, reason: str) -> Coverage:
        """Close a walk that we stopped before its end."""
        self.doubt(reason)
        return self._coverage(Outcome.PARTIAL, "; ".join(self.doubts))

    def absent(self, reason: str = "no such thing") -> Coverage:
        """Close a walk whose subject is not there."""
        return self._coverage(Outcome.ABSENT, reason)

    def withheld(self, reason: str) -> Coverage:
        """Close a walk whose answer this credential may not see."""
        return self._coverage(Outcome.BLIND, reason)

    def failed(self, trouble: Trouble) -> Coverage:
        """Close a walk that met trouble; what came before it stays told."""
        return self._coverage(trouble.outcome, str(trouble) or type(trouble).__name__, self.resume)

    def _coverage(self, outcome: Outcome, reason: str, resume: str | None = None) -> Coverage:
        return Coverage(
            outcome=outcome,
            pages=self.pages,
            expected=self.expected,
            received=len(self.ids),
            stop_reason=reason,
            cost=self.cost,
            resume=resume,
            resumed=self.resumed,
            blind=self.blind,
            cut=self.cut,
        )
