"""What was found, set against a sandbox's truth: for the demo and the tests, where the truth is known."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from storage.facts import case_list

Key = tuple[str, str, str | None]  # platform, page, release
Whose = Callable[[str, str, str | None], Mapping[str, Any]]


def against_truth(connection: Connection, truth: Mapping[str, Any]) -> list[str]:
    """Tell, for each kind of planted event, how many became a case, and how many of them a loud one."""
    suspected = case_list.case_scores(connection)
    own = own_pages(truth)
    lines: list[str] = []
    for heading, name in (("attacks", "attacks"), ("innocent look-alikes", "twins")):
        planted: Counter[str] = Counter()
        caught: Counter[str] = Counter()
        loud: Counter[str] = Counter()
        for event in truth[name]:
            found = [suspected[key] for key in keys_of(event, own) if key in suspected]
            planted[event["kind"]] += 1
            caught[event["kind"]] += bool(found)
            loud[event["kind"]] += any(is_loud for _, _, is_loud in found)
        lines.append(
            f"{heading}: {planted.total()} planted, {caught.total()} became a case, "
            f"{loud.total()} of them above the alert cut"
        )
        standing: dict[str, list[str]] = {"above the cut": [], "a case below the cut": [], "no case": []}
        for kind, count in sorted(planted.items()):
            where = "above the cut" if loud[kind] else "a case below the cut" if caught[kind] else "no case"
            standing[where].append(f"{kind} ({caught[kind]} of {count})" if count > 1 else kind)
        lines += [f"- {where}: {', '.join(kinds)}" for where, kinds in standing.items() if kinds]
    return lines


def own_pages(truth: Mapping[str, Any]) -> set[tuple[str, str]]:
    """List the official pages of the monitored artists."""
    return {page for artist in truth["monitored"] for page in artist["profiles"].items()}


def keys_of(event: Mapping[str, Any], own: Iterable[tuple[str, str]]) -> set[Key]:
    """List the bindings and pages by which an event could be found; an official page by itself is no stranger's."""
    official = set(own)
    bindings = {(b["platform"], b["profile"], b["release"]) for b in event["bindings"]}
    pages = {(b["platform"], b["profile"]) for b in event["bindings"]} - official
    pages |= {(b["platform"], b["profile"]) for b in event["profiles"]}
    return bindings | {(*page, None) for page in pages}


@dataclass(frozen=True, slots=True)
class Told:
    """What the truth says of a case."""

    group: str
    of: str
    rank: int  # of several, the lowest speaks for the case


def named(cases: Iterable[Mapping[str, Any]], truth: Mapping[str, Any], whose: Whose) -> Iterator[str]:
    """Tell what the truth says of every case, a line for each group, so that nobody has to guess."""
    known = dict(_known(truth))
    groups: dict[tuple[int, str], list[Mapping[str, Any]]] = {}
    events: dict[tuple[int, str], set[str]] = {}
    for case in cases:
        keys = [(one["platform"], one["profile_id"], one["release_id"]) for one in case["findings"]]
        told = [known[key] for key in keys if key in known]
        told = told or [_stranger(whose(*key), case["kind"], truth["start"]) for key in keys]
        best = min(told, key=lambda one: (one.rank, one.group), default=Told("of nothing that is there now", "", 9))
        groups.setdefault((best.rank, best.group), []).append(case)
        events.setdefault((best.rank, best.group), set()).add(best.of)
    for (rank, group), found in sorted(groups.items()):
        count, loud = len(events[rank, group]), sum(case["loud"] for case in found)
        cases_ = "1 case" if len(found) == 1 else f"{len(found)} cases"
        several = f" of {'one event' if count == 1 else f'{count} events'}" if rank < 2 and count < len(found) else ""
        numbers = ", ".join(str(case["id"]) for case in found)
        yield f"{group}: {cases_}{several}, {loud} above the cut ({numbers})"


def _known(truth: Mapping[str, Any]) -> Iterator[tuple[Key, Told]]:
    """Yield what the truth tells by name; what is told last goes before what is told first."""
    for event in truth["ordinary"]:
        told = Told(f"ordinary release ({event['nature']})", event["release"], 2)
        yield from (((b["platform"], b["profile"], b["release"]), told) for b in event["bindings"])
    own = own_pages(truth)
    for name, heading, rank in (("twins", "look-alike", 1), ("attacks", "attack", 0)):
        for event in truth[name]:
            told = Told(f"{heading} {event['kind']}", event["id"], rank)
            yield from ((key, told) for key in keys_of(event, own))


def _stranger(whose: Mapping[str, Any], kind: str, start: str) -> Told:
    """Say what something is that is no event of the truth's."""
    what = f"{kind} of a release" if kind == "disappearance" else "release"
    if whose["release"]:
        old = (whose["release_since"] or "") <= start
        artist = "of a monitored artist" if whose["release_monitored"] else "of somebody else"
        return Told(f"{what} {artist}, {'there before the start' if old else 'new'}", whose["title"] or "", 3)
    if whose["page_monitored"]:
        return Told("a monitored artist's own page", whose["page"] or "", 4)
    old = (whose["page_since"] or "") <= start
    return Told(f"page of somebody else of that name, {'there before the start' if old else 'new'}", "", 5)
