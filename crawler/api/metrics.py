"""`/metrics`: what was asked of this process and how it was answered, for Prometheus."""

import time

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crawler.api import problems
from crawler.api.access import READ
from crawler.api.paging import Reading
from storage import outbox

router = APIRouter(tags=["metrics"], dependencies=[READ])
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Meters:
    """One application's figures."""

    def __init__(self) -> None:
        """Start at nothing."""
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self.requests = Counter("falsetto_http_requests", "Requests answered.", labels, registry=self.registry)
        self.seconds = Histogram(
            "falsetto_http_request_seconds", "How long answers took.", ("route",), registry=self.registry
        )
        self.position = Gauge("falsetto_feed_position", "The feed's newest cursor.", registry=self.registry)


class Metered:
    """Counts requests by the route that answered, never by a path that a caller makes up."""

    def __init__(self, app: ASGIApp, meters: Meters) -> None:
        """Stand before an application."""
        self.app, self.meters = app, meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            method = scope["method"] if scope["method"] in METHODS else "other"
            self.meters.requests.labels(method, route, status).inc()
            self.meters.seconds.labels(route).observe(time.perf_counter() - begun)


def install(app: FastAPI, meters: Meters) -> None:
    """Let a route of the application read the figures."""
    app.state.meters = meters
    app.include_router(router, responses=problems.DOCUMENTED)


@router.get("/metrics", response_class=PlainTextResponse)
def metrics(request: Request, connection: Reading) -> Response:
    """Show the figures in Prometheus' text format."""
    meters: Meters = request.app.state.meters
    meters.position.set(outbox.newest(connection))
    return Response(generate_latest(meters.registry), media_type=CONTENT_TYPE_LATEST)
