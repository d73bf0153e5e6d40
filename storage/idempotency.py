"""Answers that are given once: the same key with the same request gets the answer that it got before."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from storage.models import idempotent_answer


class Answered(Exception):
    """Somebody answered the same key meanwhile: read that answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said to whom, for which request."""

    request_sha256: str
    status: int
    answer: str


def given(connection: Connection, key_id: int, key: str) -> Answer | None:
    """Find the answer that a holder got under this key."""
    row = connection.execute(
        select(idempotent_answer).where(idempotent_answer.c.api_key_id == key_id, idempotent_answer.c.key == key)
    ).first()
    return None if row is None else Answer(row.request_sha256, row.status, row.answer)


def keep(connection: Connection, key_id: int, key: str, answer: Answer, at: datetime) -> None:
    """Keep an answer in the transaction of its effect, or raise Answered: then the transaction must not commit."""
    row = insert(idempotent_answer).values(
        api_key_id=key_id,
        key=key,
        request_sha256=answer.request_sha256,
        status=answer.status,
        answer=answer.answer,
        answered_at=at,
    )
    try:
        connection.execute(row)
    except IntegrityError as error:
        raise Answered(key) from error
