"""Every error is a problem document (RFC 9457) that names what is wrong and quotes no secret."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from starlette.exceptions import HTTPException

from storage.cases import NoSuchCase

MEDIA_TYPE = "application/problem+json"
MEMBERS = {
    "type": {"type": "string"},
    "title": {"type": "string"},
    "status": {"type": "integer"},
    "detail": {"type": "string"},
    "errors": {"type": "array", "items": {"type": "object"}},
}
SHAPE = {"type": "object", "properties": MEMBERS, "required": ["type", "title", "status", "detail"]}
DOCUMENTED: dict[int | str, dict[str, Any]] = {
    several: {"description": "A problem document (RFC 9457)", "content": {MEDIA_TYPE: {"schema": SHAPE}}}
    for several in ("4XX", "5XX")
}
STORE_FAILED = (DBAPIError, NoConnectionFree)
log = logging.getLogger(__name__)


class Refused(Exception):
    """A request that is not served: a status, and one sentence why."""

    def __init__(self, status: int, detail: str) -> None:
        """Keep both."""
        super().__init__(detail)
        self.status, self.detail = status, detail


def problem(status: int, detail: str, *, headers: Mapping[str, str] | None = None, **members: Any) -> JSONResponse:
    """Compose a problem document."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **members}
    return JSONResponse(body, status, dict(headers or {}), media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Answer every exception with its problem document."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(NoSuchCase, _no_such_case)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    for fault in STORE_FAILED:
        app.add_exception_handler(fault, _store_failed)
    app.add_exception_handler(Exception, _fault)


async def _refused(request: Request, fault: Exception) -> JSONResponse:
    assert isinstance(fault, Refused)
    return problem(fault.status, fault.detail)


async def _no_such_case(request: Request, fault: Exception) -> JSONResponse:
    return problem(404, str(fault))


async def _invalid(request: Request, fault: Exception) -> JSONResponse:
    assert isinstance(fault, RequestValidationError)
    # What was sent is not echoed: it may hold what no answer can.
    errors = [
        {"at": ".".join(str(part) for part in one["loc"]).encode("ascii", "replace").decode(), "because": one["type"]}
        for one in fault.errors()
    ]
    if any(one["loc"][0] == "header" for one in fault.errors()):
        return problem(400, "a header is missing or not allowed", errors=errors)
    return problem(422, "the request has a value that is not allowed", errors=errors)


async def _http(request: Request, fault: Exception) -> JSONResponse:
    assert isinstance(fault, HTTPException)
    return problem(fault.status_code, str(fault.detail), headers=fault.headers)


async def _store_failed(request: Request, fault: Exception) -> JSONResponse:
    log.error("the store failed", exc_info=fault)
    return problem(503, "the store does not answer", headers={"Retry-After": "5"})


async def _fault(request: Request, fault: Exception) -> JSONResponse:
    return problem(500, "a fault of ours")
