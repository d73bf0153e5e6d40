"""What was found, set against a sandbox's truth: for the demo and the tests, where the truth is known."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from storage.facts import case_list


def against_truth(connection: Connection, truth: Mapping[str, Any]) -> list[str]:
    """Tell, for each kind of planted event, how many became a case, and how many of them a loud one."""
    suspected = case_list.case_scores(connection)
    lines = []
    for heading, name in (("attacks", "attacks"), ("innocent look-alikes", "twins")):
        planted: Counter[str] = Counter()
        caught: Counter[str] = Counter()
        loud: Counter[str] = Counter()
        for event in truth[name]:
            found = [suspected[key] for key in keys_of(event) if key in suspected]
            planted[event["kind"]] += 1
            caught[event["kind"]] += bool(found)
            loud[event["kind"]] += any(is_loud for _, _, is_loud in found)
        lines.append(
            f"{heading}: {planted.total()} planted, {caught.total()} became a case, "
            f"{loud.total()} of them above the alert cut"
        )
        lines += [f"  {kind}: {caught[kind]} of {count}, {loud[kind]} loud" for kind, count in sorted(planted.items())]
    return lines


def keys_of(event: Mapping[str, Any]) -> set[tuple[str, str, str | None]]:
    """List the bindings and profiles by which an event could be found."""
    bindings = {(b["platform"], b["profile"], b["release"]) for b in event["bindings"]}
    profiles = {(b["platform"], b["profile"], None) for b in (*event["profiles"], *event["bindings"])}
    return bindings | profiles
