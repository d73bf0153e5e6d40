"""Answers that are given once: the same key with the same request gets the answer that it got before."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.models import idempotent_answer

RUNNING = 0  # the status of a request that is not answered yet
GIVEN_UP = timedelta(minutes=1)  # after which whoever began it died: nothing of it was committed


class Running(Exception):
    """The same key is being answered just now."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said to whom, for which request."""

    request_sha256: str
    status: int
    answer: str


def begin(connection: Connection, key_id: int, key: str, request_sha256: str, at: datetime) -> Answer | None:
    """Reserve a key for a request, or return the answer that it got before; raise Running while it gets one."""
    mine = (idempotent_answer.c.api_key_id == key_id, idempotent_answer.c.key == key)
    row = connection.execute(select(idempotent_answer).where(*mine).with_for_update()).first()
    if row is None:
        values = {"api_key_id": key_id, "key": key, "request_sha256": request_sha256, "answered_at": at}
        try:
            with connection.begin_nested():
                connection.execute(insert(idempotent_answer).values(**values, status=RUNNING, answer=""))
        except IntegrityError:
            raise Running(key) from None
        return None
    if row.status != RUNNING:
        return Answer(row.request_sha256, row.status, row.answer)
    if row.answered_at > at - GIVEN_UP:
        raise Running(key)
    values = {"request_sha256": request_sha256, "answered_at": at}
    connection.execute(update(idempotent_answer).where(*mine).values(**values))
    return None


def forget(connection: Connection, key_id: int, key: str) -> None:
    """Free the key of a request that was refused."""
    mine = (idempotent_answer.c.api_key_id == key_id, idempotent_answer.c.key == key)
    connection.execute(delete(idempotent_answer).where(*mine, idempotent_answer.c.status == RUNNING))


def keep(connection: Connection, key_id: int, key: str, answer: Answer, at: datetime) -> None:
    """Keep an answer in the transaction of its effect; raise Running if another request took the key over."""
    mine = (idempotent_answer.c.api_key_id == key_id, idempotent_answer.c.key == key)
    free = update(idempotent_answer).where(*mine, idempotent_answer.c.status == RUNNING)
    values = {"status": answer.status, "answer": answer.answer, "answered_at": at}
    if connection.execute(free.values(**values)).rowcount == 0:
        raise Running(key)
