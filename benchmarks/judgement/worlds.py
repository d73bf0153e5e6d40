"""What was found in a sandbox's world, set against its truth: recall at a budget of false alerts, area, delay. Pure.

The caller runs a world through the whole system and hands over the truth document of the sandbox's control door and
every case. A case belongs to a planted event when it names one of the event's bindings or pages; a case that belongs
to no attack is a false one: an innocent twin's, an ordinary release's, or nothing planted at all.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any

from benchmarks.judgement.separation import area

UNSEEN = frozenset({"J"})  # a voice clone under a name of its own shows in no metadata
SILENT = -100.0  # bits of an event that never became a case
BUDGETS = (1.0, 3.0)  # false alerts per 100 artists and week

Key = tuple[str, str, str | None]  # platform, profile id, release id or None for the page


@dataclass(frozen=True, slots=True)
class Case:
    """A case as the system keeps it, at the end of the run."""

    id: int
    keys: frozenset[Key]
    bits: float  # the highest it ever stood at
    opened_at: datetime
    census: bool = False


@dataclass(slots=True)
class Figures:
    """What the run comes to."""

    attacks: int
    found: int
    recall_at: dict[float, float]  # by budget
    cuts: dict[float, float]
    area: float  # attacks against innocent twins
    cases: int
    right: int  # cases that belong to an attack
    ordinary: int  # cases about ordinary releases
    unplanted: int
    cases_per_event: float  # an attack of several releases is as many events, a page of its own one more
    delay_hours: float | None  # median from visible to open
    by_class: dict[str, tuple[int, int]] = field(default_factory=dict)  # found, planted
    by_platform: dict[str, tuple[int, int]] = field(default_factory=dict)
    by_kind: dict[str, tuple[int, int]] = field(default_factory=dict)
    by_nature: dict[str, tuple[int, int]] = field(default_factory=dict)  # ordinary arrivals: became a case, came
    by_twin: dict[str, tuple[int, int]] = field(default_factory=dict)  # innocent traps: loud at one a week, planted

    def lines(self) -> list[str]:
        """Print the figures."""
        budgets = "  ".join(f"{b:g}: {r:.3f} (cut {self.cuts[b]:.2f})" for b, r in self.recall_at.items())
        told = [
            f"attacks to be seen {self.attacks}, became a case {self.found}: {self.found / self.attacks:.3f}",
            f"recall at false alerts per 100 artists and week: {budgets}",
            f"area, attacks against innocent traps: {self.area:.4f}",
            f"cases {self.cases}: attacks {self.right}, ordinary {self.ordinary}, nothing planted {self.unplanted}",
            f"cases per event {self.cases_per_event:.3f}; median hours from visible to open {self.delay_hours}",
        ]
        told += [f"  class {name}: {found} of {of}" for name, (found, of) in sorted(self.by_class.items())]
        told += [f"  {name}: {found} of {of}" for name, (found, of) in sorted(self.by_platform.items())]
        told += [f"  attack {name}: {found} of {of}" for name, (found, of) in sorted(self.by_kind.items())]
        told += [f"  twin {name}: loud {loud} of {of}" for name, (loud, of) in sorted(self.by_twin.items())]
        told += [f"  ordinary {name}: {cases} of {of}" for name, (cases, of) in sorted(self.by_nature.items())]
        return told


def measure(truth: Mapping[str, Any], cases: Sequence[Case], artist_weeks: float) -> Figures:
    """Set cases against the truth; what was a census is left out on both sides."""
    attacks = [e for e in truth["attacks"] if e.get("class") not in UNSEEN and not e.get("census")]
    twins = [e for e in truth["twins"] if not e.get("census")]
    news = [case for case in cases if not case.census]
    by_key: dict[Key, list[Case]] = defaultdict(list)
    for case in news:
        for key in case.keys:
            by_key[key].append(case)
    mine = {e["id"]: _cases_of(e, by_key) for e in (*attacks, *twins)}
    came = [(e["nature"], bool(_cases_of(e, by_key))) for e in truth.get("ordinary", ())]
    right = {case.id for e in attacks for case in mine[e["id"]]}
    ordinary = {case.id for e in truth.get("ordinary", ()) for case in _cases_of(e, by_key)} - right
    trapped = {case.id for e in twins for case in mine[e["id"]]} - right
    wrong = sorted((case.bits for case in news if case.id not in right), reverse=True)
    cuts = {budget: _cut(wrong, budget * artist_weeks / 100) for budget in BUDGETS}
    best = {e["id"]: max((c.bits for c in mine[e["id"]]), default=SILENT) for e in (*attacks, *twins)}
    found = [e for e in attacks if mine[e["id"]]]
    delays = [_hours(e, mine[e["id"]]) for e in found]
    return Figures(
        attacks=len(attacks),
        found=len(found),
        recall_at={b: sum(best[e["id"]] > cut for e in attacks) / len(attacks) for b, cut in cuts.items()},
        cuts=cuts,
        area=area([best[e["id"]] for e in twins], [best[e["id"]] for e in attacks]) if twins else 1.0,
        cases=len(news),
        right=len(right),
        ordinary=len(ordinary - trapped),
        unplanted=len(news) - len(right | ordinary | trapped),
        cases_per_event=sum(len(mine[e["id"]]) for e in found) / max(1, sum(_units(e, mine[e["id"]]) for e in found)),
        delay_hours=round(median(delays), 2) if delays else None,
        by_class=_counted((e.get("class") or e["kind"], bool(mine[e["id"]])) for e in attacks),
        by_platform=_counted(
            (platform, any(k[0] == platform for c in mine[e["id"]] for k in c.keys))
            for e in attacks
            for platform in {b["platform"] for b in (*e["bindings"], *e["profiles"])}
        ),
        by_kind=_counted((e["kind"], bool(mine[e["id"]])) for e in attacks),
        by_nature=_counted(came),
        by_twin=_counted((e["kind"], best[e["id"]] > cuts[min(BUDGETS)]) for e in twins),
    )


def keys_of(event: Mapping[str, Any]) -> set[Key]:
    """List the bindings and pages by which an event could be found; bindings alone where it has no page of its own."""
    found: set[Key] = {(b["platform"], b["profile"], b["release"]) for b in event["bindings"] if b.get("release")}
    found |= {(b["platform"], b["profile"], None) for b in event.get("profiles", ())}
    return found


def _cases_of(event: Mapping[str, Any], by_key: Mapping[Key, Sequence[Case]]) -> list[Case]:
    return list({case.id: case for key in keys_of(event) for case in by_key.get(key, ())}.values())


def _units(event: Mapping[str, Any], cases: Sequence[Case]) -> int:
    """Count the events of an attack that cases name: its releases, by title, and its pages."""
    named = {key for case in cases for key in case.keys}
    titles = {b["title"] for b in event["bindings"] if (b["platform"], b["profile"], b["release"]) in named}
    pages = any((b["platform"], b["profile"], None) in named for b in event.get("profiles", ()))
    return max(1, len(titles) + pages)


def _cut(wrong: Sequence[float], room: float) -> float:
    """Return the bits that a loud case must pass so that no more false ones are loud than there is room for."""
    allowed = int(room)
    return wrong[allowed] if allowed < len(wrong) else SILENT


def _hours(event: Mapping[str, Any], cases: Sequence[Case]) -> float:
    seen = datetime.fromisoformat(event.get("visible_from") or event["since"])
    return max(0.0, (min(case.opened_at for case in cases) - seen).total_seconds() / 3600)


def _counted(pairs: Any) -> dict[str, tuple[int, int]]:
    found: Counter[str] = Counter()
    planted: Counter[str] = Counter()
    for name, hit in pairs:
        planted[name] += 1
        found[name] += hit
    return {name: (found[name], count) for name, count in planted.items()}
