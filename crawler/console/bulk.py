"""Deciding many cases at once: their list is frozen and shown before anything is decided, and undone as one."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from starlette.responses import HTMLResponse, RedirectResponse

from crawler.console import deciding, wanted
from crawler.console.desk import Reading, desk_of
from crawler.console.rendering import page
from crawler.console.review import reason_in
from crawler.console.session import Deciding, Looking, Refused
from storage.console import actions, queue
from storage.database import writing

router = APIRouter(prefix="/console/bulk")
Number = Annotated[int, Path(ge=1, le=wanted.LARGEST)]
Text = Annotated[str, Form(max_length=4000)]
SAMPLE = 25


@router.post("")
def freeze(request: Request, session: Deciding, decision: Text, address: Text = "") -> RedirectResponse:
    """Freeze which cases are meant: those that were ticked, or all that match the list's filters."""
    desk, form = desk_of(request), request.state.form
    query = wanted.unpacked(address)
    filters = wanted.read(query)
    ticked = [value for value in form.getlist("ticked") if isinstance(value, str)]
    if decision not in deciding.REASONS:
        raise Refused(422, "a decision out of the list was expected")
    with writing(desk.engine) as connection:
        if form.get("all"):
            found = queue.frozen(connection, filters, deciding.MOST)
            matched = max(queue.count(connection, filters), len(found))
        else:
            only = tuple({number for one in ticked[: deciding.MOST] if (number := wanted.number("ticked", one))})
            if not only:
                raise Refused(422, "no case is ticked")
            found = queue.frozen(connection, queue.Filters(only=only), deciding.MOST)
            matched = len(found)
        said = wanted.written(query, case="", after="") if form.get("all") else ""
        number = actions.freeze(connection, session.who, decision, "", found, desk.now(), said, matched)
    return RedirectResponse(f"/console/bulk/{number}?{wanted.written(query, case='')}", 303)


@router.get("/{number}")
def show(request: Request, connection: Reading, session: Looking, number: Number) -> HTMLResponse:
    """Show what a frozen decision would decide."""
    action = actions.find(connection, number, session.who)
    return page(
        request,
        "bulk.html",
        session,
        action=action,
        rows=actions.frozen(connection, number, SAMPLE),
        size=actions.size(connection, number),
        most=deciding.MOST,
        counted=queue.most_counted(wanted.read(wanted.unpacked(action.query))),
        address=wanted.written(dict(request.query_params), case=""),
    )


@router.post("/{number}/do")
def do(request: Request, session: Deciding, number: Number, note: Text = "", address: Text = "") -> RedirectResponse:
    """Decide the frozen cases; those that changed meanwhile are left alone and counted."""
    desk = desk_of(request)
    with writing(desk.engine) as connection:
        action = actions.find(connection, number, session.who)
        actions.explain(connection, number, deciding.said(action.decision, reason_in(request, action.decision), note))
    deciding.carry_out(desk.engine, session.who, number, desk.now())
    return RedirectResponse(f"/console/review?{wanted.written(wanted.unpacked(address), case='', after='')}", 303)
