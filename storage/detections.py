"""What detection systems answered about cases: kept beside people's verdicts, under a rank that decides nothing."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from storage.models import case, verdict
from storage.sets import ROWS_A_STATEMENT, batched

DETECTOR = 3  # the rank of such verdicts; what is above it decides


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a person or a detection system says of a case."""

    decision: str
    authority: str
    note: str
    question: str = ""  # that a detector was asked
    answer: str = ""  # JSON: its whole answer


@dataclass(frozen=True, slots=True)
class Sum:
    """A case's parts and what they add up to."""

    evidence: tuple[dict[str, Any], ...]
    bits: float
    score_low: float
    score: float
    score_high: float


@dataclass(frozen=True, slots=True)
class Detected:
    """One detector's latest answer to one question about a case."""

    detector: str
    question: str  # ai_generated, copy_of, cover_of, voice_clone; "": whether it is the artist's
    says: str  # the decision; for a question yes, no or uncertain, and "" where there was no verdict
    quote: str
    at: datetime


def of_cases(connection: Connection, case_ids: Collection[int]) -> dict[int, tuple[Detected, ...]]:
    """Read the answers that count: each detector's latest to each question."""
    found: dict[int, dict[tuple[str, str], Detected]] = {}
    for part in batched(sorted(set(case_ids)), ROWS_A_STATEMENT):
        query = select(verdict).where(verdict.c.case_id.in_(part), verdict.c.rank == DETECTOR).order_by(verdict.c.id)
        for row in connection.execute(query):
            found.setdefault(row.case_id, {})[row.authority, row.question] = _detected(row)
    return {case_id: tuple(one for _, one in sorted(given.items())) for case_id, given in found.items()}


def _detected(row: Any) -> Detected:
    if not row.question:
        return Detected(row.authority, "", row.decision, row.note, row.decided_at)
    answer = json.loads(row.answer)
    return Detected(row.authority, row.question, answer.get("label") or "", answer["outcome"], row.decided_at)


def keep(connection: Connection, case_id: int, said: Opinion, at: datetime) -> None:
    """Append a detector's answer to a case."""
    connection.execute(insert(verdict).values(case_id=case_id, rank=DETECTOR, decided_at=at, **asdict(said)))


def moved(connection: Connection, case_id: int, now: Sum, at: datetime) -> None:
    """Write what a case's score became; its status stays what people made it."""
    values = asdict(now) | {"evidence": json.dumps(now.evidence, ensure_ascii=False, sort_keys=True)}
    connection.execute(
        update(case).where(case.c.id == case_id).values(**values, changed_at=at, revision=case.c.revision + 1)
    )
