"""The other pages: overview, artists, platforms, campaigns."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from crawler.console import charts, telling, wanted
from crawler.console import lanes as told_lanes
from crawler.console.desk import DAYS, Reading, desk_of
from crawler.console.heat import FIRST, Span, heat
from crawler.console.rendering import page
from crawler.console.session import Looking, Refused
from spiders.base.platform import platforms as known_platforms
from storage import frontier
from storage.cases import OPEN
from storage.console import beside, lanes, pages
from storage.console.figures import Figures
from storage.facts import reports
from storage.normalize import name_key

router = APIRouter(prefix="/console")
Number = Annotated[int, Path(ge=1, le=wanted.LARGEST)]
PAGE = 100


@router.get("/overview")
def overview(request: Request, session: Looking) -> HTMLResponse:
    """Show the store in charts, each with the table of its numbers."""
    desk = desk_of(request)
    told = desk.figures.told()
    return page(request, "overview.html", session, drawn=_drawn(told, desk.alerts), counted_at=told.counted_at)


def _drawn(told: Figures, alerts: float) -> list[charts.Chart]:
    days = pages.days_back(told.counted_at, DAYS)
    by_class: dict[str, int] = {}
    for attack, status, number in told.by_class:
        if status in OPEN:
            by_class[attack] = by_class.get(attack, 0) + number
    expected = round(alerts * told.artists / 100, 2)
    return [
        charts.columns(
            f"Arrivals on official pages, last {DAYS} days",
            ("day", "arrivals"),
            [(f"{day:%d %b}", told.arrivals.get(day, 0)) for day in days],
        ),
        charts.bars(
            "Undecided cases by class",
            ("class", "cases"),
            [(f"{attack} {telling.ATTACKS.get(attack, '')}".strip() or "none", n) for attack, n in by_class.items()],
        ),
        charts.bars("Live questions by the age of their last whole answer", ("age", "questions"), told.freshness),
        charts.pairs(
            "Loud cases a week: opened, and false ones that the budget allows",
            ("week from", "opened", "false allowed"),
            [(f"{week:%d %b}", loud, expected) for week, loud, _ in told.alerts],
        ),
        charts.pairs(
            "Loud cases a week: opened, and cleared since",
            ("week from", "opened", "cleared since"),
            [(f"{week:%d %b}", loud, cleared) for week, loud, cleared in told.alerts],
        ),
        charts.bars(
            "Median days from decision to disappearance",
            ("platform (gone; still shown)", "days"),
            [
                (f"{name} ({gone}; {shown})", round(days_taken, 1) if days_taken is not None else 0)
                for name, gone, days_taken, shown in told.takedowns
            ],
        ),
    ]


@router.get("/artists")
def artists(request: Request, connection: Reading, session: Looking) -> HTMLResponse:
    """List the monitored artists by name."""
    query = request.query_params
    begins, after = query.get("name", "").replace("\x00", "")[:200], wanted.number("after", query.get("after", ""))
    rows = pages.artists(connection, name_key(begins) if begins else "", PAGE, after)
    following = rows[-1]["id"] if len(rows) == PAGE else None
    return page(request, "artists.html", session, rows=rows, begins=begins, following=following)


@router.get("/artists/{number}")
def artist(request: Request, connection: Reading, session: Looking, number: Number) -> Response:
    """Show an artist: pages, what arrived, what was seen and what not, cases."""
    row = pages.find_artist(connection, number)
    if row is None:
        raise Refused(404, f"there is no artist {number}")
    if row.id != number:
        return RedirectResponse(f"/console/artists/{row.id}", 303)
    span = _span(request)
    lists = list(reports.coverage(connection, artist_ids=[row.id]))
    profiles = pages.profiles(connection, row.id)
    looked_for = {one["platform"] for one in lists} | {
        one["platform"] for one in profiles if one["standing"] == "official"
    }
    seen = pages.coverage(connection, row.id, span.first, span.until)
    return page(
        request,
        "artist.html",
        session,
        artist=row,
        aliases=beside.names(connection, row.id),
        profiles=profiles,
        arrivals=pages.arrivals(connection, row.id),
        cases=pages.cases_of(connection, row.id),
        span=span,
        heat=heat(seen, span, looked_for),
        lists=lists,
    )


def _span(request: Request) -> Span:
    query, today = request.query_params, desk_of(request).now().date()
    until = wanted.day("until", query.get("until", ""))
    return Span(min(max(until or today, FIRST), today), today, weekly=query.get("by") == "week")


@router.get("/platforms")
def platforms(request: Request, connection: Reading, session: Looking) -> HTMLResponse:
    """List the platforms that were asked, and who asks."""
    told = desk_of(request).frontier.told()
    workers = frontier.listed(connection)
    return page(
        request,
        "platforms.html",
        session,
        by_platform=told.by_platform,
        blind=told.blind,
        counted_at=told.counted_at,
        workers=workers,
    )


@router.get("/platforms/{name}")
def platform(request: Request, connection: Reading, session: Looking, name: str) -> HTMLResponse:
    """Show a platform: its budgets, how its answers ended, and what could not be read in them."""
    if "\x00" in name or not pages.is_asked(connection, name):
        raise Refused(404, "no such platform was ever asked")
    known, now = known_platforms().get(name), desk_of(request).now()
    budgets, workers = pages.budgets(connection, name), frontier.listed(connection)
    queues, claims = lanes.queues(connection, name, now), lanes.claims(connection, name, now)
    ended = pages.outcomes(connection, name)
    totals: dict[str, int] = {}
    for row in ended:
        totals[row["outcome"]] = totals.get(row["outcome"], 0) + row["looks"]
    return page(
        request,
        "platform.html",
        session,
        name=name,
        title=known.title if known else name,
        terms=known.terms if known else "",
        budgets=budgets,
        queues=queues,
        state=told_lanes.state(queues, claims, budgets, workers, now),
        workers=workers,
        drift=pages.drift(connection, name),
        drawn=charts.bars("How the newest looks ended", ("outcome", "looks"), sorted(totals.items())),
        ended=ended,
    )


@router.get("/campaigns")
def campaigns(request: Request, connection: Reading, session: Looking) -> HTMLResponse:
    """List campaigns, the latest changed first."""
    return page(request, "campaigns.html", session, rows=pages.campaigns(connection))


@router.get("/campaigns/{number}")
def campaign(request: Request, connection: Reading, session: Looking, number: Number) -> HTMLResponse:
    """Show a campaign: what ties its cases, and whom they concern."""
    row = beside.campaign_of(connection, number)
    if row is None:
        raise Refused(404, f"there is no campaign {number}")
    members = pages.members(connection, number)
    names = list(dict.fromkeys(one["artist"] for one in members))
    left = [f"case {one['id']}: {one['title']}" for one in members]
    edges = [(n, names.index(one["artist"])) for n, one in enumerate(members)]
    return page(
        request,
        "campaign.html",
        session,
        campaign=row,
        members=members,
        ties=beside.ties(row),
        drawn=charts.graph("which case concerns whom", left, names, edges),
    )
