"""The console as an application: pages behind a login, every fault a page that says what is wrong."""

import logging
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import FastAPI, Form, Request
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from crawler.console import bulk, deciding, parting, review, rooms, wanted
from crawler.console.desk import Desk, desk_of
from crawler.console.guard import Guard
from crawler.console.rendering import ASSETS, environment, page
from crawler.console.session import NotLoggedIn, Refused, begin, end, from_here, serializer
from crawler.journey.cutting import NotThere
from spiders.base.platform import platforms
from storage import keys
from storage.cases import NoSuchCase
from storage.console.actions import NoSuchAction
from storage.console.kept import NameTaken

log = logging.getLogger(__name__)


def build(
    engine: Engine,
    now: Callable[[], datetime],
    *,
    secret: str = "",
    cover_hosts: tuple[str, ...] = (),
    alerts: float = 1.0,
    tls: bool = False,
) -> FastAPI:
    """Make the console over a store that is up to date; without a secret, sessions end with the process."""
    environment()
    platforms()  # read before anybody waits for a page
    app = FastAPI(title="Falsetto's console", docs_url=None, redoc_url=None, openapi_url=None)
    signer = serializer(secret or secrets.token_urlsafe(32))
    app.state.desk = Desk(engine, signer, now, cover_hosts, alerts, tls)
    app.mount("/console/assets", StaticFiles(directory=ASSETS), name="assets")
    app.get("/")(_home)
    app.get("/console")(_home)
    app.get("/console/login")(_login)
    app.post("/console/login")(_enter)
    app.post("/console/logout")(_leave)
    for room in (review, bulk, parting, rooms):
        app.include_router(room.router)
    _install(app)
    app.add_middleware(Guard, cover_hosts=cover_hosts)
    return app


def _home() -> RedirectResponse:
    return RedirectResponse("/console/review", 303)


def _login(request: Request, to: str = "") -> Response:
    return page(request, "login.html", to=_ours(to), fault="")


def _enter(request: Request, key: Annotated[str, Form(max_length=500)], to: Annotated[str, Form()] = "") -> Response:
    from_here(request)
    with desk_of(request).engine.connect() as connection:
        holder = keys.holder(connection, key.strip())
    if holder is None:
        return page(request, "login.html", to=_ours(to), fault="This is no live key.", status=403)
    if holder.is_detector or not holder.may("read"):
        return page(
            request,
            "login.html",
            to=_ours(to),
            fault="The console is for people: take a key in the role read, decide or admin.",
            status=403,
        )
    answer = RedirectResponse(_ours(to) or "/console/review", 303)
    begin(request, answer, holder)
    return answer


def _leave(request: Request) -> Response:
    from_here(request)
    answer = RedirectResponse("/console/login", 303)
    end(answer)
    return answer


def _ours(to: str) -> str:
    """Return an address of ours, or nothing: a login must not lead elsewhere."""
    return to if to.startswith("/console/") and "\\" not in to and to.isprintable() and len(to) < 4000 else ""


def _install(app: FastAPI) -> None:
    app.add_exception_handler(NotLoggedIn, _not_logged_in)
    for fault, status in (
        (NoSuchCase, 404),
        (NoSuchAction, 404),
        (NotThere, 404),
        (wanted.NotUnderstood, 422),
        (deciding.NotAllowed, 422),
        (deciding.Conflict, 409),
        (NameTaken, 409),
    ):
        app.add_exception_handler(fault, _told(status))
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DBAPIError, _store_failed)
    app.add_exception_handler(NoConnectionFree, _store_failed)


def _told(status: int) -> Callable[[Request, Exception], Response]:
    def said(request: Request, fault: Exception) -> Response:
        case_id = fault.case_id if isinstance(fault, deciding.Conflict) else None
        return page(request, "fault.html", status=status, said=str(fault), case_id=case_id, code=status)

    return said


def _not_logged_in(request: Request, fault: Exception) -> Response:
    if request.headers.get("hx-request") and not request.headers.get("hx-boosted"):
        return Response(status_code=204)
    to = str(request.url.path) + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse("/console/login?" + urlencode({"to": to if request.method == "GET" else ""}), 303)


def _refused(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, Refused)
    return page(request, "fault.html", status=fault.status, said=fault.detail, case_id=None, code=fault.status)


def _invalid(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, RequestValidationError)
    fields = ", ".join(str(one["loc"][-1]).encode("ascii", "replace").decode() for one in fault.errors())
    return page(request, "fault.html", status=422, said=f"not understood: {fields}", case_id=None, code=422)


def _http(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    said = "there is no such page" if fault.status_code == 404 else str(fault.detail)
    return page(request, "fault.html", status=fault.status_code, said=said, case_id=None, code=fault.status_code)


def _store_failed(request: Request, fault: Exception) -> Response:
    log.error("the store failed", exc_info=fault)
    return page(request, "fault.html", status=503, said="the store does not answer", case_id=None, code=503)
