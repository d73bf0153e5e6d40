"""Judgement in a savepoint: what it raises costs nothing that was heard; what another worker wrote first is read."""

import logging
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, OperationalError

log = logging.getLogger(__name__)

TRIES = 4  # a clash needs another worker that judges the same act in the same moment; twice in a row is rare

T = TypeVar("T")


def in_savepoint(connection: Connection, judge: Callable[[], T]) -> T:
    """Judge in a savepoint; where another worker's transaction may be in the way, judge again by what it wrote."""
    attempt = 1
    while True:
        try:
            with connection.begin_nested():
                return judge()
        except (IntegrityError, OperationalError) as error:
            if attempt == TRIES or connection.invalidated:
                raise
            attempt += 1
            log.info(
                "refused, as what another worker wrote first is; it is judged again: %s",
                error.orig,
            )
