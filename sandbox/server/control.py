"""The endpoints below /_sandbox, for people and tests; no platform has them and no spider may know them."""

import json
from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandbox.dialects.platforms import Standing
from sandbox.made.roster import roster_csv
from sandbox.planted.truth import truth, visible, whose
from sandbox.server.faults import Faults, UnknownFault
from sandbox.server.virtual_clock import Backwards, VirtualClock
from sandbox.world import MARKETS, PLATFORMS, World


class Bad(ValueError):
    """A control request that makes no sense."""


def control(
    world: World, clock: VirtualClock, faults: Faults, standing: dict[str, Standing], about: dict[str, Any]
) -> Starlette:
    """Build the control application."""
    panel = Panel(world, clock, faults, standing, about)
    routes = [
        Route("/_sandbox", panel.about_it), Route("/_sandbox/clock", panel.read_clock),
        Route("/_sandbox/clock", panel.set_clock, methods=["POST"]), Route("/_sandbox/roster.csv", panel.roster),
        Route("/_sandbox/truth", panel.tell_truth), Route("/_sandbox/visible", panel.tell_visible),
        Route("/_sandbox/whose", panel.tell_whose), Route("/_sandbox/calls", panel.calls),
        Route("/_sandbox/limits", panel.set_limits, methods=["POST"]),
        Route("/_sandbox/faults", panel.read_faults), Route("/_sandbox/faults", panel.set_faults, methods=["POST"]),
    ]  # fmt: skip
    return Starlette(routes=routes, exception_handlers={Bad: refused, UnknownFault: refused, Backwards: refused})


async def refused(request: Request, error: Exception) -> Response:
    """Say in one line what was wrong."""
    return JSONResponse({"error": str(error)}, status_code=400)


async def posted(request: Request) -> dict[str, Any]:
    """Read a posted JSON object."""
    try:
        said = json.loads(await request.body())
    except ValueError:
        raise Bad("the body is not JSON") from None
    if not isinstance(said, dict):
        raise Bad("the body is not a JSON object")
    return said


def moment(text: object, otherwise: datetime | None = None) -> datetime:
    """Read an ISO time; one without a zone is UTC."""
    if text is None and otherwise is not None:
        return otherwise
    try:
        read = datetime.fromisoformat(str(text))
    except ValueError:
        raise Bad(f"{text!r} is not an ISO time") from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


class Panel:
    """Answers control requests."""

    def __init__(
        self, world: World, clock: VirtualClock, faults: Faults, standing: dict[str, Standing], about: dict[str, Any]
    ) -> None:
        """Take hold of everything that can be turned."""
        self.world, self.clock, self.faults, self.standing, self.about = world, clock, faults, standing, about

    async def about_it(self, request: Request) -> Response:
        """Say what this sandbox is."""
        return JSONResponse({**self.about, "now": self.clock.moment().isoformat(), "platforms": list(PLATFORMS)})

    async def read_clock(self, request: Request) -> Response:
        """Say what time it is."""
        return JSONResponse({"now": self.clock.moment().isoformat(), "lapse": self.clock.lapse})

    async def set_clock(self, request: Request) -> Response:
        """Jump forward."""
        self.clock.jump(moment((await posted(request)).get("now")))
        return await self.read_clock(request)

    async def roster(self, request: Request) -> Response:
        """Give the roster, or the whole of it: nothing of whose pages are whose is left out."""
        whole = request.query_params.get("whole") == "1"
        return PlainTextResponse(await run_in_threadpool(roster_csv, self.world, whole), media_type="text/csv")

    async def tell_truth(self, request: Request) -> Response:
        """Give the ground truth at a time."""
        when = moment(request.query_params.get("at"), self.clock.moment()).timestamp()
        return JSONResponse(await run_in_threadpool(truth, self.world, when))

    async def tell_visible(self, request: Request) -> Response:
        """Give what can be seen on monitored artists' profiles."""
        params = request.query_params
        when = moment(params.get("at"), self.clock.moment()).timestamp()
        since = moment(params["since"]).timestamp() if "since" in params else None
        platforms = [params["platform"]] if params.get("platform") else list(PLATFORMS)
        markets = list(MARKETS) if params.get("market") == "*" else [params.get("market", "US").upper()]
        if set(platforms) - set(PLATFORMS) or set(markets) - set(MARKETS):
            raise Bad(f"platforms are {', '.join(PLATFORMS)}; markets are {', '.join(MARKETS)} or *")
        rows = await run_in_threadpool(visible, self.world, platforms, markets, when, since)
        return JSONResponse({"at": datetime.fromtimestamp(when, UTC).isoformat(), "rows": rows})

    async def tell_whose(self, request: Request) -> Response:
        """Give whose a page, and a release on it, are."""
        platform, page, release = (request.query_params.get(name, "") for name in ("platform", "profile", "release"))
        if platform not in PLATFORMS or not page:
            raise Bad(f"a platform ({', '.join(PLATFORMS)}) and a profile are needed")
        return JSONResponse(await run_in_threadpool(whose, self.world, platform, page, release))

    async def calls(self, request: Request) -> Response:
        """Give the counts of every bucket."""
        return JSONResponse({name: told(standing) for name, standing in self.standing.items()})

    async def set_limits(self, request: Request) -> Response:
        """Replace the numbers of limits, or only count instead of refusing."""
        said = await posted(request)
        for name, value in said.items():
            if name == "enforced" and isinstance(value, bool):
                for standing in self.standing.values():
                    standing.limiter.enforced = value
                continue
            set_limit(self.standing, name, value)
        return await self.calls(request)

    async def read_faults(self, request: Request) -> Response:
        """Say which faults are on."""
        return JSONResponse(self.faults.told())

    async def set_faults(self, request: Request) -> Response:
        """Switch faults on or off."""
        self.faults.set(await posted(request))
        return JSONResponse(self.faults.told())


def told(standing: Standing) -> dict[str, object]:
    """Write down the counts of one platform."""
    return {bucket: tally.told() for bucket, tally in standing.limiter.tallies.items()}


def set_limit(standing: dict[str, Standing], name: str, value: object) -> None:
    """Replace one limit, named platform.bucket, by its number of calls or by calls and seconds."""
    platform, _, bucket = name.partition(".")
    limiter = standing[platform].limiter if platform in standing else None
    if limiter is None or bucket not in limiter.rules:
        known = [f"{p}.{b}" for p, s in standing.items() for b in s.limiter.rules]
        raise Bad(f"no limit is called {name!r}; there are enforced, {', '.join(known)}")
    pair = [value, limiter.rules[bucket].seconds] if isinstance(value, int) else value
    if not isinstance(pair, list) or len(pair) != 2 or any(not isinstance(x, int | float) or x <= 0 for x in pair):
        raise Bad(f"{name}: a number of calls, or calls and seconds")
    limiter.set_rule(bucket, int(pair[0]), float(pair[1]))
