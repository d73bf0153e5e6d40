"""What was asked of detection systems, by which reference, and what became of it: nothing is paid for twice."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, or_, select, update

from storage.models import asking
from storage.sets import ROWS_A_STATEMENT, batched

WAITING, ANSWERED, FAILED, QUOTA = "waiting", "answered", "failed", "quota"
GIVEN_UP = timedelta(hours=1)  # after which who asked and kept no job's number died while asking
LONGEST_SAID = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """One reference that is handed to a detector for a case."""

    case_id: int
    detector: str
    rung: str
    value: str
    source: str
    millicents: int


def begin(connection: Connection, one: Asked, at: datetime) -> int:
    """Keep that something is asked, before it is; return its number."""
    values = {name: getattr(one, name) for name in Asked.__dataclass_fields__}
    return int(connection.execute(insert(asking).values(**values, asked_at=at).returning(asking.c.id)).scalar_one())


def works(connection: Connection, number: int, job: str) -> None:
    """Keep the detector's number of what it works on."""
    connection.execute(update(asking).where(asking.c.id == number, asking.c.state == WAITING).values(job=job))


def answered(connection: Connection, number: int, job: str, at: datetime) -> bool:
    """Close what was answered, and tell whether this was the first answer."""
    values: dict[str, Any] = {"state": ANSWERED, "answered_at": at, "said": ""}
    if job:
        values["job"] = job
    return bool(
        connection.execute(
            update(asking).where(asking.c.id == number, asking.c.state != ANSWERED).values(**values)
        ).rowcount
    )


def failed(connection: Connection, number: int, state: str, why: str) -> None:
    """Close what got no answer; it may be asked again."""
    still = (asking.c.id == number, asking.c.state == WAITING)
    connection.execute(update(asking).where(*still).values(state=state, said=why[:LONGEST_SAID], millicents=0))


def find(connection: Connection, number: int, detector: str) -> Row[Any] | None:
    """Find what was asked of one detector by its number."""
    return connection.execute(select(asking).where(asking.c.id == number, asking.c.detector == detector)).first()


def waiting(connection: Connection, detector: str, limit: int) -> list[Row[Any]]:
    """List the jobs that a detector works on, the oldest first."""
    mine = (asking.c.detector == detector, asking.c.state == WAITING, asking.c.job != "")
    return list(connection.execute(select(asking).where(*mine).order_by(asking.c.id).limit(limit)))


def known(connection: Connection, detector: str, case_ids: Collection[int], at: datetime) -> set[tuple[int, str]]:
    """Find (case, reference) that a detector answered or works on."""
    found: set[tuple[int, str]] = set()
    at_work = and_(asking.c.state == WAITING, or_(asking.c.job != "", asking.c.asked_at > at - GIVEN_UP))
    for part in batched(sorted(set(case_ids)), ROWS_A_STATEMENT):
        mine = (asking.c.detector == detector, asking.c.case_id.in_(part))
        query = select(asking.c.case_id, asking.c.value).where(*mine, or_(asking.c.state == ANSWERED, at_work))
        found.update((row.case_id, row.value) for row in connection.execute(query))
    return found


def spent(connection: Connection, detector: str, since: datetime) -> int:
    """Count what was asked of a detector since then; what failed counts: it was a call."""
    mine = (asking.c.detector == detector, asking.c.asked_at > since)
    return connection.scalar(select(func.count()).where(*mine)) or 0
