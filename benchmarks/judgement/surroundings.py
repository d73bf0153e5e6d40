"""What a store that knows all these acts would say about a value: who else uses it, and who of them is near."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks.judgement.catalogue import Act
from crawler.suspicion.lines import holder_text, holders
from storage.facts.values import Shown, Spread, Surroundings


@dataclass(slots=True)
class Index:
    """Acts by value."""

    acts: int = 0
    by_value: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, acts: Iterable[Act]) -> "Index":
        """Count every act's own releases."""
        index = cls()
        for act in acts:
            index.acts += bool(act.own)
            for shown in act.own:
                for value in values_of(shown):
                    index.by_value[value].add(act.key)
        return index

    def around(self, shown: Shown, leaving_out: frozenset[str]) -> Surroundings:
        """Say how far a release's values reach, with the acts concerned left out."""
        spreads = (
            Spread(what, value, len(self.by_value.get((what, value), set()) - leaving_out))
            for what, value in sorted(values_of(shown))
        )
        return Surroundings(self.acts, tuple(spreads))


def values_of(shown: Shown) -> set[tuple[str, str]]:
    """List what of a release is counted over all acts."""
    return {
        *(("holder", holder_text(h)) for line in shown.lines for h in holders(line.text)),
        *(("registrant", code[:5]) for code in shown.isrcs),
        *(("prefix", code[1:8]) for code in shown.gtins),
    }
