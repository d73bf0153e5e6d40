"""`/v1/cases.atom`: the newest cases for feed readers.

They can send no header: a key of the role feed may stand in the address, and no other may (docs/decisions/0009).
"""

import uuid
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from crawler.alerts.wording import inert
from crawler.api.access import FEED, FEED_PATH
from crawler.api.paging import Limit, Reading
from storage.facts import news

router = APIRouter(tags=["cases"], dependencies=[FEED])
ATOM = "http://www.w3.org/2005/Atom"
ET.register_namespace("", ATOM)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
Loud = Annotated[bool | None, Query(description="Only cases above the alert cut, or only those below.")]


class Atom(Response):
    """An Atom document."""

    media_type = "application/atom+xml"


@router.get(FEED_PATH, response_class=Atom)
def newest(request: Request, connection: Reading, loud: Loud = None, limit: Limit = 50) -> Atom:
    """Show the newest cases as Atom (RFC 4287); feed readers give a key of the role feed as `?key=`."""
    rows = news.newest(connection, limit, loud)
    base = str(request.base_url).rstrip("/")
    return Atom(
        document(rows, base), headers={"Cache-Control": "private, max-age=60", "Referrer-Policy": "no-referrer"}
    )


def document(rows: list[dict[str, Any]], base: str) -> bytes:
    """Write the document; its addresses hold no key."""
    feed = ET.Element(f"{{{ATOM}}}feed")
    _text(feed, "id", uuid.uuid5(uuid.NAMESPACE_URL, f"{base}{FEED_PATH}").urn)
    _text(feed, "title", "Falsetto: new cases, unconfirmed")
    _text(feed, "updated", max((row["changed_at"] for row in rows), default=NEVER).isoformat())
    ET.SubElement(_element(feed, "author"), f"{{{ATOM}}}name").text = "Falsetto"
    _element(feed, "link", rel="self", href=f"{base}{FEED_PATH}", type=Atom.media_type)
    for row in rows:
        _entry(feed, row, base)
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _entry(feed: ET.Element, row: Mapping[str, Any], base: str) -> None:
    entry = _element(feed, "entry")
    # A case's number is given anew in another store; what it is about and when it was opened is not.
    _text(entry, "id", uuid.uuid5(uuid.NAMESPACE_URL, f"falsetto:{row['key']}:{row['opened_at'].isoformat()}").urn)
    _text(entry, "title", f"{inert(row['artist'])}: {inert(row['title'])}")
    _text(entry, "published", row["opened_at"].isoformat())
    _text(entry, "updated", row["changed_at"].isoformat())
    _element(entry, "link", rel="alternate", href=f"{base}/v1/cases/{row['id']}", type="application/json")
    for label in (row["kind"], row["status"], *row["platforms"]):
        _element(entry, "category", term=inert(label))
    where = ", ".join(inert(platform) for platform in row["platforms"]) or "nowhere now"
    said = f"unconfirmed: {inert(row['title'])} under the name of {inert(row['artist'])}, on {where}"
    _text(entry, "summary", f"{said}. Case {row['id']} ({row['status']}), score {row['score']:.2f}.")


def _element(parent: ET.Element, name: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)


def _text(parent: ET.Element, name: str, text: str) -> None:
    _element(parent, name).text = text
