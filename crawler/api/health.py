"""`/healthz` and `/readyz`: the only paths that need no key, and they say nothing else."""

from fastapi import APIRouter, Request

from crawler.api.paging import engine_of
from crawler.api.problems import Refused
from storage.database import DatabaseTrouble, check

router = APIRouter(tags=["health"])


@router.get("/healthz")
def alive() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "alive"}


@router.get("/readyz")
def ready(request: Request) -> dict[str, str]:
    """Say whether the store answers and has the schema that this version needs."""
    try:
        check(engine_of(request))
    except DatabaseTrouble:  # its sentence names the store, and whoever asks has no key
        raise Refused(503, "the store is not ready") from None
    return {"status": "ready"}
