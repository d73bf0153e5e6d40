"""Templates and assets: both in the package, escaped by default, nothing from elsewhere."""

import hashlib
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from crawler.console import deciding, names, telling, wanted
from crawler.console.comparing import duration
from crawler.console.desk import desk_of
from crawler.console.session import TOKEN, Session
from storage.console.queue import STATUSES

HERE = Path(__file__).resolve().parent
ASSETS = HERE / "assets"


@cache
def environment() -> Environment:
    """Load the templates once."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"named": names.html, "moment": telling.moment, "share": telling.share, "duration": duration}
    made.globals |= {
        "asset": asset,
        "attacks": telling.ATTACKS,
        "reasons": deciding.REASONS,
        "keys": deciding.KEYS,
        "needs_reason": deciding.NEEDS_REASON,
        "statuses": STATUSES,
        "kinds": wanted.KINDS,
    }
    for name in made.list_templates():
        made.get_template(name)  # compiled before anybody waits for a page
    return made


@cache
def asset(name: str) -> str:
    """Return an asset's address, which changes with its content."""
    return f"/console/assets/{name}?v={hashlib.sha256((ASSETS / name).read_bytes()).hexdigest()[:12]}"


def is_shown(url: str, hosts: Collection[str]) -> bool:
    """Tell whether an image may be shown: only from a host that the operator named."""
    try:
        parts = urlsplit(url)
    except ValueError:  # a platform may print any text where an address should stand
        return False
    return parts.scheme == "https" and parts.hostname in hosts


def page(
    request: Request, template: str, session: Session | None = None, *, status: int = 200, **values: Any
) -> HTMLResponse:
    """Answer with a page."""
    desk = desk_of(request)

    def picture(url: str | None) -> Markup:
        """Show a cover, or say that there is none or that it is not shown."""
        if not url:
            return Markup('<span class="none">none told</span>')
        if not is_shown(url, desk.cover_hosts):
            return Markup('<span class="cover none" role="img" aria-label="cover, not shown">not shown</span>')
        return Markup('<img class="cover" src="{}" alt="cover" loading="lazy" referrerpolicy="no-referrer">').format(
            url
        )

    def token() -> Markup:
        """Write the session's token into a form."""
        held = session.token if session is not None else ""
        return Markup('<input type="hidden" name="{}" value="{}">').format(TOKEN, held)

    shared = {"session": session, "path": request.url.path, "picture": picture, "token": token, "last": None}
    return HTMLResponse(environment().get_template(template).render(shared | values), status)
