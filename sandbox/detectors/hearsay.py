"""Hearsay: a detection system that candidates are pushed to, and that gives verdicts back over the sender's HTTP API.

It verifies what it gets, answers every case once, and knows the sandbox's truth as a good listener would: one verdict
in ten is wrong, and of what it has never heard it is unsure.
"""

import asyncio
import json
import zlib
from collections.abc import Mapping
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.detectors import seal

WRONG_OF_100 = 10
AT_ONCE = 4


class Hearsay:
    """A receiver of pushed candidates."""

    def __init__(self, truth: Mapping[str, Any]) -> None:
        """Learn the truth by heart."""
        self.secret, self.api, self.key = "", "", ""  # given when it is connected
        self.taken: list[str] = []  # the ids of messages, each once
        self.refused = 0  # messages that were not whole
        self.given: dict[int, str] = {}  # case -> the decision that the API took
        self.failed: list[int] = []
        self._known = _known(truth)
        self._answered: set[int] = set()
        self._answers: set[asyncio.Task[None]] = set()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self.routes = [Route("/hearsay/candidates", self.hear, methods=["POST"])]

    @property
    def busy(self) -> bool:
        """Tell whether it still listens to something."""
        return bool(self._answers)

    async def hear(self, request: Request) -> Response:
        """Take a message, once, and think about it later: who pushes waits for nobody's thoughts."""
        body = await request.body()
        if not seal.is_whole(self.secret, request.headers, body):
            self.refused += 1
            return Response(status_code=401)
        id = request.headers["webhook-id"]
        if id not in self.taken:
            self.taken.append(id)
            candidate = json.loads(body)["data"]
            if candidate["event"] != "withdrawn" and candidate["case_id"] not in self._answered:
                self._answered.add(candidate["case_id"])
                answer = asyncio.create_task(self.answer(candidate))
                self._answers.add(answer)
                answer.add_done_callback(self._answers.discard)
        return Response(status_code=204)

    async def answer(self, candidate: Mapping[str, Any]) -> None:
        """Give a verdict back."""
        decision, note = self.opinion(candidate)
        case = candidate["case_id"]
        headers = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": f"hearsay-{case}"}
        async with self._turns, httpx.AsyncClient(trust_env=False, timeout=60) as client:
            said = await client.post(
                f"{self.api}/v1/verdicts", headers=headers, json={"case_id": case, "decision": decision, "note": note}
            )
        if said.status_code == 201:
            self.given[case] = decision
        else:
            self.failed.append(said.status_code)

    def opinion(self, candidate: Mapping[str, Any]) -> tuple[str, str]:
        """Say what it is, always the same of the same case."""
        heard = {self._known.get(key) for key in _keys(candidate)} - {None}
        if not heard:
            return "unsure", "nothing of it was heard before"
        is_attack = True in heard
        if zlib.crc32(str(sorted(_keys(candidate), key=str)).encode()) % 100 < WRONG_OF_100:
            is_attack = not is_attack
        if is_attack:
            return "impersonation", "the voice is not the artist's"
        return "legitimate", "the voice is the artist's own"


def _known(truth: Mapping[str, Any]) -> dict[tuple[str, str], bool]:
    known: dict[tuple[str, str], bool] = {}
    for name, is_attack in (("ordinary", False), ("twins", False), ("attacks", True)):
        for event in truth.get(name, ()):
            for one in event["bindings"]:
                if one["release"]:
                    known[one["platform"], one["release"]] = is_attack
    return known


def _keys(candidate: Mapping[str, Any]) -> set[tuple[str, str]]:
    found = set()
    for one in candidate["findings"]:
        if "platform" in one:  # the core of one that was too large
            found.add((one["platform"], one["release_id"] or ""))
        else:
            found.add((one["profile"]["platform"], (one["release"] or {"id": ""})["id"]))
    return found
