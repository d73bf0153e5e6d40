"""The review queue with the case that is open, decisions on it, and their undoing."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Request
from sqlalchemy import Connection
from starlette.responses import HTMLResponse, RedirectResponse, Response

from crawler.console import case_page, deciding, wanted
from crawler.console.desk import Reading, desk_of
from crawler.console.rendering import page
from crawler.console.session import Deciding, Looking, Refused, Session
from spiders.base.platform import platforms as known_platforms
from storage import audit, cases
from storage.console import actions, kept, queue
from storage.database import writing

router = APIRouter(prefix="/console")
PAGE, UNDECIDED = 50, "status=undecided"  # the list that an address without anything shows, by its name
REMIND = {"tomorrow": timedelta(days=1), "in a week": timedelta(weeks=1), "in a month": timedelta(days=30)}
NEVER = "no longer"
Number = Annotated[int, Path(ge=1, le=wanted.LARGEST)]
Text = Annotated[str, Form(max_length=4000)]


@router.get("/review")
def review(request: Request, connection: Reading, session: Looking) -> HTMLResponse:
    """Show the queue; with `case` in the address also that case, else the first."""
    query = dict(request.query_params)
    filters = wanted.read(query)
    after = wanted.number("after", query.get("after", ""))
    shown = wanted.number("case", query.get("case", ""))
    tallies = queue.tallies(connection)
    listed = queue.listed(connection, filters, PAGE, after, tallies)
    rows = listed.rows
    opened = shown if shown is not None else (rows[0]["id"] if rows else None)
    case = None if opened is None else case_page.values(connection, opened)
    return page(
        request,
        "review.html",
        session,
        rows=rows,
        query=query,
        address=wanted.written(query) or UNDECIDED,
        link=lambda **changed: wanted.written(query, **changed),
        following=wanted.written(query, after=rows[-1]["id"]) if len(rows) == PAGE else None,
        matching=listed.matching,
        most=listed.most,
        tallies=tallies,
        most_tallied=queue.COUNTED_UP_TO,
        platforms=sorted(known_platforms()),
        views=kept.views(connection),
        picked=shown is not None,
        looked_at=desk_of(request).presence.looked_at(),
        **around(request, connection, session, case),
        **(case or {"file": None}),
    )


def around(
    request: Request, connection: Connection, session: Session, case: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Read what stands around every case: one's last decision, and what one wanted to be reminded of."""
    now = desk_of(request).now()
    return {
        "last": actions.latest(connection, session.who, now, deciding.UNDO_WITHIN),
        "due": kept.reminders(connection, session.who, now),
        "reminded": None if case is None else kept.reminded(connection, case["file"].case.id, session.who),
    }


@router.get("/cases/{case_id}")
def case(request: Request, connection: Reading, session: Looking, case_id: Number) -> Response:
    """Show one case alone; the number of one that was merged leads to the case it went up in."""
    found = case_page.values(connection, case_id)
    if found["file"].case.id != case_id:
        return RedirectResponse(f"/console/cases/{found['file'].case.id}", 303)
    return page(request, "case.html", session, address="", **around(request, connection, session, found), **found)


@router.get("/cases/{case_id}/raw")
def raw(request: Request, connection: Reading, session: Looking, case_id: Number) -> HTMLResponse:
    """Show the raw answers that a case rests on, as they came."""
    return page(request, "raw.html", session, **case_page.raw(connection, case_id))


@router.get("/cases/{case_id}/watching")
def watching(request: Request, session: Looking, case_id: Number) -> HTMLResponse:
    """Say who else has this case open, and note in memory that one has it open oneself."""
    others = desk_of(request).presence.look(case_id, session.who)
    return page(request, "watching.html", session, others=others)


@router.post("/cases/{case_id}/decide")
def decide(
    request: Request,
    session: Deciding,
    case_id: Number,
    decision: Text,
    revision: Annotated[int, Form(ge=1, le=2**31)],
    note: Text = "",
    address: Text = "",
) -> RedirectResponse:
    """Decide a case at the revision that was read, and go on to the next of the list it stood in."""
    desk = desk_of(request)
    query = wanted.unpacked(address)
    with desk.engine.connect() as connection:
        following = queue.following(connection, wanted.read(query), case_id) if address else None
    said = deciding.said(decision, reason_in(request, decision), note)
    deciding.decide(desk.engine, session.who, case_id, revision, decision, said, desk.now())
    if not address:
        return RedirectResponse(f"/console/cases/{case_id}", 303)
    return RedirectResponse(f"/console/review?{wanted.written(query, case=following or '')}", 303)


def reason_in(request: Request, decision: str) -> str:
    """Return the reason that a form gives for a decision: each decision has a list of its own."""
    given = request.state.form.get(f"reason_{decision}", "")
    return given if isinstance(given, str) else ""


@router.post("/actions/{number}/undo")
def undo(request: Request, session: Deciding, number: Number, address: Text = "") -> RedirectResponse:
    """Take one's decision back, on one case or on many."""
    desk = desk_of(request)
    with desk.engine.connect() as connection:
        actions.find(connection, number, session.who)
        first = actions.frozen(connection, number, 1)
    ended = deciding.undo(desk.engine, session.who, number, desk.now())
    if ended.conflicts and not ended.done:
        raise Refused(409, "nothing was undone: what you decided was changed since")
    query = wanted.unpacked(address)
    return RedirectResponse(f"/console/review?{wanted.written(query, case=first[0].case_id if first else '')}", 303)


@router.post("/cases/{case_id}/remind")
def remind(request: Request, session: Deciding, case_id: Number, when: Text, address: Text = "") -> RedirectResponse:
    """Remind oneself of a case, or no longer."""
    if when != NEVER and when not in REMIND:
        raise Refused(422, f"one of {', '.join(REMIND)}, {NEVER} was expected")
    desk = desk_of(request)
    now = desk.now()
    with writing(desk.engine) as connection:
        found = cases.find(connection, case_id)
        if when == NEVER:
            kept.forget(connection, found.id, session.who, now)
        else:
            kept.remind(connection, found.id, session.who, now + REMIND[when], now)
    back = f"/console/review?{address}" if address else f"/console/cases/{case_id}"
    return RedirectResponse(back, 303)


@router.get("/reminders")
def reminders(request: Request, connection: Reading, session: Looking) -> HTMLResponse:
    """List the cases that one wanted to be reminded of, the next first."""
    now = desk_of(request).now()
    return page(request, "reminders.html", session, rows=kept.reminders(connection, session.who), now=now)


@router.post("/views")
def save(request: Request, session: Deciding, name: Text, address: Text = "") -> RedirectResponse:
    """Share the list that is shown, under a name."""
    name = " ".join(name.split())[:80]
    if not name or not name.isprintable():
        raise Refused(422, "a view needs a name")
    desk = desk_of(request)
    query = wanted.written(wanted.unpacked(address), case="", after="")
    with writing(desk.engine) as connection:
        kept.save(connection, name, query, session.who, desk.now())
        audit.note(connection, session.who, "view saved", name, desk.now(), query)
    return RedirectResponse(f"/console/review?{query}", 303)


@router.post("/views/{number}/drop")
def drop(request: Request, session: Deciding, number: Number) -> RedirectResponse:
    """Take a shared view away."""
    desk = desk_of(request)
    with writing(desk.engine) as connection:
        name = kept.drop(connection, number)
        if name is not None:
            audit.note(connection, session.who, "view dropped", name, desk.now())
    return RedirectResponse("/console/review", 303)
