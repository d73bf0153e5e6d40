"""Who may ask: no path but health is answered without a live key, whether it exists or not."""

from collections.abc import Callable

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Engine
from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crawler.api.answers import SIGNED
from crawler.api.problems import STORE_FAILED, Refused, problem
from crawler.api.rates import Rates
from storage import keys

FEED_PATH = "/v1/cases.atom"
CALLBACKS = 0  # the bucket that all callbacks share: they have no key
OPEN = frozenset({"/healthz", "/readyz"})
LARGEST_BODY = 64 * 1024


class Door:
    """Turns away who has no key, and bodies that are larger than any request of ours."""

    def __init__(self, app: ASGIApp, engine: Engine, rates: Rates) -> None:
        """Stand before an application."""
        self.app, self.engine, self.rates = app, engine, rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it."""
        if scope["type"] != "http" or scope["path"] in OPEN:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_signed = scope["method"] == "POST" and SIGNED.fullmatch(scope["path"]) is not None
        try:
            holder = await run_in_threadpool(self._holder, headers.get("authorization", ""))
            if holder is None and scope["path"] == FEED_PATH and "authorization" not in headers:
                holder = await run_in_threadpool(self._reader, QueryParams(scope["query_string"]).get("key", ""))
        except STORE_FAILED:
            await problem(503, "the store does not answer")(scope, receive, send)
            return
        if holder is None and not is_signed:
            said = problem(401, "a live API key is needed", headers={"WWW-Authenticate": 'Bearer realm="falsetto"'})
            await said(scope, receive, send)
            return
        spent = self.rates.spend(CALLBACKS if holder is None else holder.id)
        told = spent.headers(self.rates.quota)
        if not spent.allowed:
            await problem(429, "this key asked too often", headers=told)(scope, receive, send)
            return
        size = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not size.isdecimal():
            await problem(411, "the body's Content-Length is needed")(scope, receive, send)
            return
        if len(size) > len(str(LARGEST_BODY)) or int(size) > LARGEST_BODY:
            await problem(413, f"a body of at most {LARGEST_BODY} bytes is read")(scope, receive, send)
            return
        scope.setdefault("state", {})["holder"] = holder

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(told)
            await send(message)

        await self.app(scope, receive, telling)

    def _holder(self, authorization: str) -> keys.Holder | None:
        scheme, _, presented = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return None
        with self.engine.connect() as connection:
            return keys.holder(connection, presented.strip())

    def _reader(self, presented: str) -> keys.Holder | None:
        """Find a feed reader by the key in its address; any other key there is as good as none."""
        with self.engine.connect() as connection:
            found = keys.holder(connection, presented)
        return found if found is not None and found.role == keys.ROLES[0] else None


def holder_of(request: Request) -> keys.Holder:
    """Return whose key a request came with."""
    holder = request.state.holder
    assert isinstance(holder, keys.Holder)
    return holder


def needs(role: str) -> Callable[[Request], keys.Holder]:
    """Make the dependency that refuses holders whose role is not enough."""

    def checked(request: Request) -> keys.Holder:
        holder = holder_of(request)
        if not holder.may(role):
            raise Refused(403, f"the role {role} is needed, this key has {holder.role}")
        return holder

    return checked


FEED, READ, DECIDE, ADMIN = (Depends(needs(role)) for role in keys.ROLES)
