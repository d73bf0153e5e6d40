"""Cases and verdicts: the same suspicion is one case for ever, and a verdict outlives every re-crawl and re-score."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from storage.models import case, verdict


class NoSuchCase(Exception):
    """There is no case of that number."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A binding (or a resembling profile) under suspicion, as judgement hands it to the store."""

    key: str
    kind: str
    artist_id: int
    profile_id: int
    release_id: int | None
    role: str
    score_low: float
    score_high: float
    rule_version: str
    evidence: tuple[dict[str, Any], ...]  # signals: name, state, strength, because


def keep(connection: Connection, findings: Sequence[Finding], at: datetime) -> list[tuple[int, str]]:
    """Open or update cases; return (case id, 'opened' or 'changed') of those whose content is new.

    A decided case is left alone: its verdict stands until somebody supersedes it.
    """
    if not findings:
        return []
    known = {
        row.key: row
        for row in connection.execute(select(case).where(case.c.key.in_([f.key for f in findings])).with_for_update())
    }
    events = []
    for finding in {f.key: f for f in findings}.values():
        values = {
            "score_low": finding.score_low,
            "score_high": finding.score_high,
            "rule_version": finding.rule_version,
            "evidence": json.dumps(finding.evidence, ensure_ascii=False, sort_keys=True),
        }
        row = known.get(finding.key)
        if row is None:
            identity = {
                name: getattr(finding, name)
                for name in ("key", "kind", "artist_id", "profile_id", "release_id", "role")
            }
            opened = insert(case).values(**identity, **values, status="open", opened_at=at, changed_at=at)
            events.append((connection.execute(opened.returning(case.c.id)).scalar_one(), "opened"))
        elif row.status == "open" and any(getattr(row, name) != value for name, value in values.items()):
            connection.execute(update(case).where(case.c.id == row.id).values(**values, changed_at=at))
            events.append((row.id, "changed"))
    return events


def decide(
    connection: Connection, case_id: int, decision: str, authority: str, note: str, at: datetime
) -> tuple[int, str]:
    """Give a verdict. It supersedes earlier ones, which stay readable; 'unsure' leaves the case open."""
    row = connection.execute(select(case.c.id).where(case.c.id == case_id).with_for_update()).first()
    if row is None:
        raise NoSuchCase(f"there is no case {case_id}")
    connection.execute(
        insert(verdict).values(case_id=case_id, decision=decision, authority=authority, note=note, decided_at=at)
    )
    status = "open" if decision == "unsure" else "decided"
    connection.execute(update(case).where(case.c.id == case_id).values(status=status, changed_at=at))
    return case_id, "decided"


def open_about_profiles(connection: Connection, profile_ids: Collection[int]) -> list[tuple[int, int, int]]:
    """List (case id, artist id, profile id) of open cases about whole profiles."""
    rows = connection.execute(
        select(case.c.id, case.c.artist_id, case.c.profile_id).where(
            case.c.profile_id.in_(profile_ids), case.c.release_id.is_(None), case.c.status == "open"
        )
    )
    return [(row[0], row[1], row[2]) for row in rows]
