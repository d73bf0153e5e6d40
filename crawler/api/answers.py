"""`/v1/answers`: what detection systems that were asked call back with. No key opens it: their signature does."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Engine

from crawler.api.paging import LARGEST, engine_of
from crawler.api.problems import Refused
from crawler.detectors import asking, callbacks
from crawler.detectors.contract import Failed, Reach, Told
from storage import audit, outbox
from storage.database import writing

NAME = "[a-z0-9][a-z0-9_-]{0,49}"
SIGNED = re.compile(f"/v1/answers/{NAME}")
router = APIRouter(prefix="/v1/answers", tags=["answers"])
Name = Annotated[str, Path(pattern=f"^{NAME}$")]
Number = Annotated[int, Query(ge=1, le=LARGEST, description="What was asked: it stands in the callback's address.")]


@router.post("/{detector}", status_code=204, response_class=Response)
async def answer(request: Request, detector: Name, asked: Number) -> Response:
    """Take a detector's answer, once: signed by its own secret as Standard Webhooks does."""
    reach: Mapping[str, Reach] = request.app.state.detectors
    body = await request.body()
    try:
        told = callbacks.read(detector, reach, request.headers, body)
    except callbacks.Unsigned:
        raise Refused(401, "a signature of the detector is needed") from None
    except callbacks.Unexpected as fault:
        raise Refused(404, str(fault)) from None
    except Failed as fault:
        raise Refused(422, f"the answer can't be read: {fault}") from None
    await run_in_threadpool(_kept, engine_of(request), detector, asked, told)
    return Response(status_code=204)


def _kept(engine: Engine, detector: str, asked: int, told: Told) -> None:
    at = datetime.now(UTC)
    with writing(engine) as connection:
        try:
            case_id = asking.hear(connection, detector, asked, told, at)
        except asking.NotOurs as fault:
            raise Refused(404, str(fault)) from None
        if case_id is not None:
            audit.note(connection, detector, "answer given", f"case {case_id}", at, "by callback")
    with writing(engine) as connection:
        outbox.sequence(connection)
