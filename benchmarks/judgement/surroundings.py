"""What a store that knows all these acts would say about a value: who else uses it, and who of them is near."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from benchmarks.judgement.catalogue import Act, when
from crawler.suspicion.lines import holder_text, holders
from storage.facts.values import Shown, Spread, Surroundings


@dataclass(slots=True)
class Index:
    """Acts by value."""

    acts: int = 0
    by_value: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    lines: dict[int, dict[str, date]] = field(default_factory=lambda: defaultdict(dict))  # artist: line: since when

    @classmethod
    def of(cls, acts: Iterable[Act]) -> "Index":
        """Count every act's own releases."""
        index = cls()
        for act in acts:
            index.acts += bool(act.own)
            for shown in act.own:
                for value in values_of(shown):
                    index.by_value[value].add(act.key)
                for line in shown.lines:
                    index.lines[act.artist.id].setdefault(line.key, when(shown)[0])  # they come oldest first
        return index

    def around(self, shown: Shown, leaving_out: frozenset[str]) -> Surroundings:
        """Say how far a release's values reach, with the acts concerned left out."""
        spreads = (
            Spread(what, value, len(self.by_value.get((what, value), set()) - leaving_out))
            for what, value in sorted(values_of(shown))
        )
        return Surroundings(self.acts, tuple(spreads), self.homes(shown, leaving_out))

    def homes(self, shown: Shown, leaving_out: frozenset[str]) -> frozenset[str]:
        """List its lines that stood before on releases of another act that is credited on it."""
        others = {c.artist_id for c in shown.credits if c.artist_id is not None and c.key not in leaving_out}
        known = [self.lines[other] for other in sorted(others) if other in self.lines]
        day = when(shown)[0]
        return frozenset(line.key for line in shown.lines if any(line.key in k and k[line.key] < day for k in known))


def values_of(shown: Shown) -> set[tuple[str, str]]:
    """List what of a release is counted over all acts."""
    return {
        *(("holder", holder_text(h)) for line in shown.lines for h in holders(line.text)),
        *(("registrant", code[:5]) for code in shown.isrcs),
        *(("prefix", code[1:8]) for code in shown.gtins),
    }
