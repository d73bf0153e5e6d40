"""Taking an appearance out of a case: what is tied as one release and is not, told by a person and kept."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from starlette.responses import HTMLResponse

from crawler.console import wanted
from crawler.console.desk import desk_of
from crawler.console.rendering import page
from crawler.console.session import Deciding
from crawler.journey import cutting
from storage import audit, cases, outbox
from storage.database import writing

router = APIRouter(prefix="/console")
Number = Annotated[int, Path(ge=1, le=wanted.LARGEST)]
Text = Annotated[str, Form(max_length=4000)]


@router.post("/cases/{case_id}/part")
def part(request: Request, session: Deciding, case_id: Number, ref: Text) -> HTMLResponse:
    """Take an appearance out of a case for good, and say what that made of it."""
    return _corrected(request, session, case_id, ref, is_back=False)


@router.post("/cases/{case_id}/reunite")
def reunite(request: Request, session: Deciding, case_id: Number, ref: Text) -> HTMLResponse:
    """Put an appearance back that was taken out."""
    return _corrected(request, session, case_id, ref, is_back=True)


def _corrected(request: Request, session: Deciding, case_id: int, ref: str, *, is_back: bool) -> HTMLResponse:
    desk = desk_of(request)
    now, change = desk.now(), cutting.reunite if is_back else cutting.part
    with writing(desk.engine) as connection:
        number = cases.find(connection, case_id).id
        said = change(connection, number, ref, session.who, now)
        what = "appearance put back" if is_back else "appearance taken out"
        audit.note(connection, session.who, what, f"case {number}", now, ref)
    with writing(desk.engine) as connection:
        outbox.sequence(connection)
    return page(request, "corrected.html", session, said=said, number=number, ref=ref, is_back=is_back)
