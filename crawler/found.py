"""What was found, set against a sandbox's truth: for the demo and the tests, where the truth is known."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from storage.models import case, profile, release


def against_truth(connection: Connection, truth: Mapping[str, Any]) -> list[str]:
    """Tell, for each kind of planted event, how many were seen and how many became a case."""
    suspected = bindings_under_suspicion(connection)
    lines = []
    for heading, name in (("attacks", "attacks"), ("innocent look-alikes", "twins")):
        planted: Counter[str] = Counter()
        caught: Counter[str] = Counter()
        for event in truth[name]:
            planted[event["kind"]] += 1
            caught[event["kind"]] += any(key in suspected for key in keys_of(event))
        lines.append(f"{heading}: {sum(planted.values())} planted, {sum(caught.values())} became a case")
        lines += [f"  {kind}: {caught[kind]} of {count}" for kind, count in sorted(planted.items())]
    return lines


def bindings_under_suspicion(connection: Connection) -> set[tuple[str, str, str | None]]:
    """List (platform, profile id, release id) of every case; a case about a whole profile has no release."""
    rows = connection.execute(
        select(profile.c.platform, profile.c.platform_id, release.c.platform_id)
        .select_from(case)
        .join(profile, profile.c.id == case.c.profile_id)
        .outerjoin(release, release.c.id == case.c.release_id)
    )
    return {(row[0], row[1], row[2]) for row in rows}


def keys_of(event: Mapping[str, Any]) -> set[tuple[str, str, str | None]]:
    """List the bindings and profiles by which an event could be found."""
    bindings = {(b["platform"], b["profile"], b["release"]) for b in event["bindings"]}
    profiles = {(b["platform"], b["profile"], None) for b in (*event["profiles"], *event["bindings"])}
    return bindings | profiles
