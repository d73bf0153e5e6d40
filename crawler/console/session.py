"""Who is logged in: a signed cookie that names a key; the key is looked up again for every page.

A form is taken only with the session's own token in it, and only from a page of ours.
"""

import hmac
import secrets
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.responses import Response

from crawler.console.desk import desk_of
from storage import keys
from storage.keys import Holder

COOKIE, LASTS_S = "falsetto_session", 12 * 3600
TOKEN = "token"


class NotLoggedIn(Exception):
    """Whoever asks has no session, or its key is no longer good."""


class Refused(Exception):
    """A request that is not served: a status, and one sentence why."""

    def __init__(self, status: int, detail: str) -> None:
        """Keep both."""
        super().__init__(detail)
        self.status, self.detail = status, detail


@dataclass(frozen=True, slots=True)
class Session:
    """A person at work: whose key it is, and the token of this session's forms."""

    holder: Holder
    token: str

    @property
    def who(self) -> str:
        """Return the name that decisions bear."""
        return self.holder.name

    @property
    def may_decide(self) -> bool:
        """Tell whether this key may decide cases."""
        return self.holder.may("decide")


def serializer(secret: str) -> URLSafeTimedSerializer:
    """Make the signer of sessions."""
    return URLSafeTimedSerializer(secret, salt="falsetto console session")


def begin(request: Request, answer: Response, holder: Holder) -> None:
    """Give a session to whoever showed a good key."""
    desk = desk_of(request)
    signed = desk.signer.dumps({"key": holder.id, "token": secrets.token_urlsafe(24)})
    answer.set_cookie(
        COOKIE, signed, max_age=LASTS_S, path="/", httponly=True, samesite="lax", secure=desk.behind_tls(request)
    )


def end(answer: Response) -> None:
    """Take a session back."""
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")


def session(request: Request) -> Session:
    """Return the session of a request, or raise NotLoggedIn."""
    desk = desk_of(request)
    try:
        told = desk.signer.loads(request.cookies.get(COOKIE, ""), max_age=LASTS_S)
        number, token = int(told["key"]), str(told["token"])
    except (BadSignature, KeyError, TypeError, ValueError):
        raise NotLoggedIn from None
    with desk.engine.connect() as connection:
        holder = keys.live(connection, number)
    if holder is None:
        raise NotLoggedIn
    return Session(holder, token)


def from_here(request: Request) -> None:
    """Refuse a form that another site sent."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin", "")
    host = request.headers.get("host", "")
    if site not in ("same-origin", "none") or (origin and origin.partition("://")[2] != host):
        raise Refused(403, "this form was sent by another site")


async def writing(request: Request) -> Session:
    """Return the session of a form that may write, or refuse it."""
    from_here(request)
    found = await run_in_threadpool(session, request)
    request.state.form = form = await request.form(max_files=0, max_fields=1000)
    given = form.get(TOKEN, "")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), found.token.encode()):
        raise Refused(403, "this form is too old: open the page again")
    if not found.may_decide:
        raise Refused(403, f"the role decide is needed, your key has {found.holder.role}")
    return found


Looking = Annotated[Session, Depends(session)]
Deciding = Annotated[Session, Depends(writing)]
