"""The stand-in detection systems, served together on loopback."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette

from sandbox import loopback
from sandbox.detectors.earmark import Earmark
from sandbox.detectors.hearsay import Hearsay
from sandbox.detectors.longear import Longear


@dataclass(frozen=True)
class Detectors:
    """The services that run, and where."""

    url: str
    earmark: Earmark
    longear: Longear
    hearsay: Hearsay


@contextmanager
def running(truth: Mapping[str, Any] | None = None) -> Iterator[Detectors]:
    """Serve until left."""
    earmark, longear, hearsay = Earmark(), Longear(), Hearsay(truth or {})
    app = Starlette(routes=[*earmark.routes, *longear.routes, *hearsay.routes])
    with loopback.running(app) as url:
        yield Detectors(url, earmark, longear, hearsay)
