"""`/v1/verdicts`: decisions back, once each, with the key's name as their authority."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy import Connection, Engine

from crawler.api.access import DECIDE, holder_of
from crawler.api.paging import EXACT, engine_of
from crawler.api.problems import Refused
from crawler.suspicion.life import ANALYST
from crawler.verdicts import decide
from storage import audit, cases, idempotency, outbox
from storage.database import writing
from storage.detections import DETECTOR
from storage.keys import Holder
from storage.normalize import clean_text

router = APIRouter(prefix="/v1/verdicts", tags=["verdicts"], dependencies=[DECIDE])
LONGEST_NOTE = 2000

KEY = r'^("[ !#-~]{1,255}"|[!#-~]{1,255})$'  # the draft writes it in quotes, most clients without
Key = Annotated[str, Header(alias="Idempotency-Key", pattern=KEY, description="Yours, another for each verdict.")]


def _whole(value: object) -> object:
    """Read 7.0 as the integer that it is in JSON Schema."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class Given(BaseModel):
    """A decision on a case."""

    model_config = ConfigDict(extra="forbid", strict=True)

    case_id: Annotated[int, BeforeValidator(_whole)] = Field(ge=1, le=EXACT)
    decision: Literal["impersonation", "legitimate", "namesake", "takedown", "unsure"]
    note: str = Field(default="", max_length=LONGEST_NOTE)


class Effect(BaseModel):
    """What the decision made of the case; the number is another's if the case was merged."""

    case_id: int
    decision: str
    authority: str
    status: str
    revision: int


@router.post("", status_code=201, response_model=Effect)
def verdict(request: Request, given: Given, idempotency_key: Key) -> Response:
    """Decide a case; the same Idempotency-Key with the same body gets the first answer again and changes nothing."""
    key, who, engine = idempotency_key.strip('"'), holder_of(request), engine_of(request)
    asked = hashlib.sha256(given.model_dump_json().encode()).hexdigest()
    try:
        with writing(engine) as connection:
            known = idempotency.begin(connection, who.id, key, asked, datetime.now(UTC))
        if known is not None:
            return _again(known, asked)
        answer = _decided(engine, who, key, given, asked)
    except idempotency.Running:
        raise Refused(409, "a request with this Idempotency-Key is being answered: ask again in a moment") from None
    except Exception:  # whatever it was, nothing was decided, and the key may be used again
        with writing(engine) as connection:
            idempotency.forget(connection, who.id, key)
        raise
    with writing(engine) as connection:
        outbox.sequence(connection)
    return Response(answer.answer, answer.status, media_type="application/json")


def _again(known: idempotency.Answer, asked: str) -> Response:
    if known.request_sha256 != asked:
        raise Refused(422, "this Idempotency-Key was used with another body")
    return Response(known.answer, known.status, {"Idempotency-Replayed": "true"}, media_type="application/json")


def _decided(engine: Engine, who: Holder, key: str, given: Given, asked: str) -> idempotency.Answer:
    """Decide, note who did and keep the answer: all of it, or nothing."""
    at, note = datetime.now(UTC), clean_text(given.note, LONGEST_NOTE)[0]
    with writing(engine) as connection:
        rank = DETECTOR if who.is_detector else ANALYST
        case_id = decide(connection, given.case_id, given.decision, who.name, note, at, rank)
        answer = idempotency.Answer(asked, 201, _effect(connection, case_id, given, who))
        idempotency.keep(connection, who.id, key, answer, at)
        audit.note(connection, who.name, "verdict given", f"case {case_id}", at, given.decision)
    return answer


def _effect(connection: Connection, case_id: int, given: Given, who: Holder) -> str:
    row = cases.find(connection, case_id)
    effect = Effect(
        case_id=case_id, decision=given.decision, authority=who.name, status=row.status, revision=row.revision
    )
    return json.dumps(effect.model_dump(), ensure_ascii=False)
