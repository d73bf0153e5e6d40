"""Longear: cloned voices, by an audio URL that it says it fetches; its answer comes by a signed callback."""

import asyncio
import json
import zlib
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.detectors import seal

KEY, SECRET = "longear-key", "whsec_" + "bG9uZ2VhcidzIHNlY3JldCBvZiB0aGlydHktdHdvISE="
TRIES, PAUSE_S = 20, 0.05
VOICES = ("own", "unsure", "clone")


class Longear:
    """A service that knows nothing of any world: what it says of an audio follows from its URL."""

    def __init__(self) -> None:
        """Begin without jobs; `says` fixes the answer about a URL."""
        self.jobs: dict[str, dict[str, Any]] = {}
        self.says: dict[str, dict[str, object]] = {}
        self.silent = False  # it forgets to call back
        self.called: list[int] = []  # what its callbacks were answered with
        self._calls: set[asyncio.Task[None]] = set()
        self.routes = [
            Route("/longear/v2/jobs", self.take, methods=["POST"]),
            Route("/longear/v2/jobs/{job}", self.tell),
        ]

    async def take(self, request: Request) -> Response:
        """Take a job."""
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return JSONResponse({"error": "unknown key"}, 401)
        asked = await request.json()
        url, callback = asked.get("audio_url"), asked.get("callback_url")
        if not isinstance(url, str) or not url.startswith("http"):
            return JSONResponse({"error": "audio_url: a URL is needed"}, 422)
        job = f"job-{len(self.jobs) + 1}"
        self.jobs[job] = {"job": job, "audio_url": url, **self.opinion(url), **self.says.get(url, {})}
        if callback and not self.silent:
            call = asyncio.create_task(self.call(callback, job))
            self._calls.add(call)
            call.add_done_callback(self._calls.discard)
        return JSONResponse({"job": job, "status": "working"}, 202)

    async def tell(self, request: Request) -> Response:
        """Say what became of a job."""
        job = self.jobs.get(request.path_params["job"])
        return JSONResponse(job) if job else JSONResponse({"error": "no such job"}, 404)

    async def call(self, callback: str, job: str) -> None:
        """Call back until it is taken."""
        body = json.dumps(self.jobs[job]).encode()
        async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
            for _ in range(TRIES):
                answer = await client.post(callback, content=body, headers=seal.sealed(SECRET, f"msg_{job}", body))
                self.called.append(answer.status_code)
                if answer.is_success:
                    return
                await asyncio.sleep(PAUSE_S)

    def opinion(self, url: str) -> dict[str, object]:
        """Make one up, always the same for the same URL."""
        likeness = zlib.crc32(url.encode()) % 101 / 100
        voice = VOICES[0] if likeness < 0.5 else VOICES[1] if likeness < 0.7 else VOICES[2]
        return {
            "status": "ok", "voice": voice, "similarity": likeness, "seconds": 30.0, "model": "longear-1.4",
            "cloned_by": "voxforge" if voice == "clone" else None,
            "segments": [{"from": 4.0, "to": 11.5, "similarity": likeness}] if voice == "clone" else [],
        }  # fmt: skip
