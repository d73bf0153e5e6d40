"""What Bandcamp's pages carry for machines: JSON in attributes and scripts, and the grid of a band's releases. Pure.

A page that is none of Bandcamp's, or carries nothing that is known, is misunderstood and never taken for an empty one.
"""

import json
import re
from typing import Any

from parsel import Selector, SelectorList

from spiders.base.errors import Misunderstood

OWN = re.compile(rb"bcbits\.com|content=.Bandcamp.", re.I)  # every page of its loads something from there
NOT_HERE = re.compile(r"sorry, that something isn.{1,8}t here", re.I)  # not verified against the live site
CHALLENGES = re.compile(
    rb"<title>\s*(client challenge|just a moment|attention required|are you (a )?human|access denied|human check)"
    rb"|_fs-ch-|cf-challenge|cf_chl_|px-captcha|g-recaptcha-response|h-captcha",
    re.I,
)

Raw = dict[str, Any]


def is_challenge(body: bytes) -> bool:
    """Tell whether a page wants to know if a person asks: it is no answer, and nobody evades it here."""
    return b"data-band" not in body and bool(CHALLENGES.search(body))


def open_page(body: bytes) -> Raw | None:
    """Read what a page carries; None where Bandcamp says that there is no such page."""
    if not OWN.search(body):
        raise Misunderstood("this is no page of Bandcamp: is the base URL right?")
    page = Selector(text=body.decode("utf-8", "replace"), type="html")
    grid, tralbum = page.css("ol#music-grid"), embedded(page, "data-tralbum")
    thing = tralbum if isinstance(tralbum, dict) and "current" in tralbum else None
    shows = bool(grid) or thing is not None  # what is there may bear the words of the 404 page as its title
    if not shows and NOT_HERE.search(" ".join(page.css("title::text, h1::text, h2::text").getall())):
        return None
    band, ld = embedded(page, "data-band"), linked(page)
    if band is None or not isinstance(band, dict):
        raise Misunderstood("mandatory key 'data-band' is missing")
    return {
        "band": band,
        "thing": thing,
        "ld": ld,
        "rows": rows(grid) if grid else None,
        "url": page.css('meta[property="og:url"]::attr(content)').get(),
        "image": page.css('meta[property="og:image"]::attr(content)').get(),
        "about": page.css('meta[property="og:description"]::attr(content)').get(),
    }


def rows(grid: SelectorList[Selector]) -> list[Any]:
    """List a band's releases: those that stand in the grid, and those that only its attribute names."""
    # By XPath: parsel's own reading of all attributes raises where one of them has an odd name.
    shown = [shown_row(item) for item in grid.css("li[data-item-id]")]
    told = attribute(grid.xpath("@data-client-items").get(), "data-client-items") or []
    if not isinstance(told, list):
        raise Misunderstood("key 'data-client-items' should be list")
    known = {place(row) for row in shown}
    return [*shown, *(row for row in told if not isinstance(row, dict) or place(row) not in known)]


def place(row: Raw) -> str:
    """Say which thing a row means."""
    return f"{row.get('type')} {row.get('id')}"


def shown_row(item: Selector) -> Raw:
    """Read one square of the grid into the form that the attribute has."""
    kind, _, number = item.xpath("@data-item-id").get("").partition("-")
    artist = " ".join(item.css(".title .artist-override::text").getall()).strip()
    title = " ".join("".join(item.css("p.title")[:1].xpath("text()").getall()).split())
    cover = item.css("img::attr(data-original)").get() or item.css("img::attr(src)").get()
    return {
        "id": number,
        "type": kind,
        "page_url": item.css("a::attr(href)").get(),
        "cover": cover,
        **({"title": title} if title else {}),
        **({"artist": artist} if artist else {}),
    }


def embedded(page: Selector, name: str) -> Any:
    """Read the JSON in an attribute, wherever on the page it stands."""
    return attribute(page.css(f"[{name}]::attr({name})").get(), name)


def linked(page: Selector) -> Raw:
    """Read the page's JSON-LD; many pages have none."""
    said = attribute(page.css('script[type="application/ld+json"]::text').get(), "ld+json")
    return said if isinstance(said, dict) else {}


def attribute(text: str | None, name: str) -> Any:
    """Read JSON that a page carries."""
    if text is None or not text.strip():
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Misunderstood(f"{name}: not JSON ({type(error).__name__})") from error
