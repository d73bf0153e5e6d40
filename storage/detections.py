"""What detection systems answered about cases: kept beside people's verdicts, under a rank that decides nothing."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from storage.models import case, verdict
from storage.sets import ROWS_A_STATEMENT, batched

DETECTOR = 3  # the rank of such verdicts; what is above it decides


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


def keep(
    connection: Connection,
    case_id: int,
    decision: str,
    authority: str,
    note: str,
    at: datetime,
    question: str = "",
    answer: str = "",
) -> None:
    """Append a detector's answer to a case."""
    connection.execute(
        insert(verdict).values(
            case_id=case_id,
            decision=decision,
            authority=authority,
            rank=DETECTOR,
            note=note,
            question=question,
            answer=answer,
            decided_at=at,
        )
    )


def moved(
    connection: Connection,
    case_id: int,
    evidence: Sequence[dict[str, Any]],
    bits: float,
    score_low: float,
    score: float,
    score_high: float,
    at: datetime,
) -> None:
    """Write what a case's score became; its status stays what people made it."""
    written = json.dumps(list(evidence), ensure_ascii=False, sort_keys=True)
    values = {"evidence": written, "bits": bits, "score_low": score_low, "score": score, "score_high": score_high}
    connection.execute(
        update(case).where(case.c.id == case_id).values(**values, changed_at=at, revision=case.c.revision + 1)
    )
