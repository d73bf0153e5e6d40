"""What stands before every page: headers that let nothing foreign run or be shown, and bodies of a bounded size."""

from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 64 * 1024


def policy(cover_hosts: Sequence[str]) -> str:
    """Write the content security policy: everything from here, images also from hosts that the operator named."""
    images = " ".join(["'self'", *(f"https://{host}" for host in cover_hosts)])
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src {images}; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


class Guard:
    """Puts the headers on every answer and refuses bodies that no form of ours sends."""

    def __init__(self, app: ASGIApp, cover_hosts: Sequence[str] = ()) -> None:
        """Stand before an application."""
        self.app = app
        self.headers = {
            "Content-Security-Policy": policy(cover_hosts),
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self.headers)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        size = Headers(scope=scope).get("content-length", "0" if scope["method"] in ("GET", "HEAD") else "")
        if not size.isdecimal() or len(size) > 8 or int(size) > LARGEST_BODY:
            await PlainTextResponse("a form of at most 64 KiB was expected", 413)(scope, receive, guarded)
            return
        await self.app(scope, receive, guarded)


class Front:
    """Sends the pages' paths to the console and everything else to the API behind its door."""

    def __init__(self, api: ASGIApp, console: ASGIApp) -> None:
        """Stand before both."""
        self.api, self.console = api, console

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Choose who answers."""
        path = scope.get("path", "")
        is_page = scope["type"] == "http" and (path == "/" or path == "/console" or path.startswith("/console/"))
        await (self.console if is_page else self.api)(scope, receive, send)
