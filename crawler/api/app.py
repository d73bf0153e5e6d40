"""The application: every resource behind one door, and no page of another site may read it (CORS stays closed)."""

from collections.abc import Mapping

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from sqlalchemy import Engine

from crawler.api import (
    answers,
    artists,
    atom,
    audit,
    candidates,
    cases,
    catalogue,
    coverage,
    health,
    metrics,
    problems,
    verdicts,
)
from crawler.api.access import READ, Door
from crawler.api.rates import Quota, Rates
from crawler.detectors.contract import Reach

PLENTY = Quota()


def build(engine: Engine, quota: Quota = PLENTY, detectors: Mapping[str, Reach] | None = None) -> FastAPI:
    """Make the application over a store that is up to date; detectors may call back to it."""
    # The framework's own pages of documentation would answer without a role, and load scripts from elsewhere.
    app = FastAPI(title="Falsetto", version="1", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.engine, app.state.detectors = engine, dict(detectors or {})
    problems.install(app)
    for room in (health, candidates, atom, cases, artists, catalogue, coverage, verdicts, answers, audit):
        app.include_router(room.router, responses=problems.DOCUMENTED)
    meters = metrics.Meters()
    metrics.install(app, meters)

    @app.get("/v1/openapi.json", dependencies=[READ], include_in_schema=False)
    def openapi() -> JSONResponse:
        return JSONResponse(app.openapi())

    app.add_middleware(Door, engine=engine, rates=Rates(quota))
    app.add_middleware(metrics.Metered, meters=meters)  # the last added stands first: refusals are counted too
    return app
