"""Any platform asked over HTTP, whatever kind it is, from recorded cases: tests/recorded/<platform>/cases.json.

A case names a question, the answers by path and query, and what must be told. Scrapy platforms run in a child process
with a reactor, API clients in this one; both give the same plain look.
"""

import copy
import json
from dataclasses import asdict, dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from spiders.base.client import Client
from spiders.base.platform import Access, platform
from storage.targets import Ask, Target
from tests.clients import LAPSE, QuickGate, looks
from tests.crawling import Crawling
from tests.replay import Answer, Replay

RECORDED = Path(__file__).parent / "recorded"
HOST = "https://platform.invalid"  # stands for the platform's own address in recorded bodies


@dataclass(frozen=True)
class Heard:
    """What one question brought: the look as plain values, what the server was asked, and how buckets rest."""

    look: dict[str, Any]
    asked: list[str]
    parks: dict[str, float]

    @property
    def told(self) -> list[dict[str, Any]]:
        """Return what was told, without the entries that could not be read."""
        return [seen for seen in self.look["told"] if seen["type"] != "OddRow"]

    @property
    def odd(self) -> list[dict[str, Any]]:
        """Return the entries that could not be read."""
        return [seen for seen in self.look["told"] if seen["type"] == "OddRow"]


@cache
def recorded(name: str) -> dict[str, Any]:
    """Read a platform's cases; a credential that says so is made here, so that no key stands in a file."""
    said: dict[str, Any] = json.loads((RECORDED / name / "cases.json").read_text(encoding="utf-8"))
    for word, value in said.get("access", {}).get("credentials", {}).items():
        if value == "made: a key of an elliptic curve":
            said["access"]["credentials"][word] = elliptic_key()
    return said


def elliptic_key() -> str:
    """Make a key such as Apple's .p8 files hold."""
    key = ec.generate_private_key(ec.SECP256R1())
    text = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(*text).decode()


def case_of(name: str, case: str) -> dict[str, Any]:
    """Return one case, to be changed at will."""
    return copy.deepcopy(next(one for one in recorded(name)["cases"] if one["name"] == case))


def body_of(name: str, said: Any) -> Any:
    """Return a recorded answer's JSON: a file's name, or the thing itself."""
    return json.loads((RECORDED / name / said).read_text(encoding="utf-8")) if isinstance(said, str) else said


def answer_of(name: str, said: Any) -> Any:
    """Return what the server sends: JSON, or an answer with a status, headers, a body or a fault."""
    if isinstance(said, Answer | bytes):
        return said
    if isinstance(said, dict) and "status" in said and set(said) <= {"status", "headers", "body", "text", "cut_at"}:
        body = said.get("text", "").encode() if "body" not in said else json.dumps(said["body"]).encode()
        return Answer(body, said["status"], headers=said.get("headers", {}), cut_at=said.get("cut_at"))
    body = body_of(name, said)
    return rendered(name, body) if isinstance(body, dict) and "page" in body else json.dumps(body).encode()


def rendered(name: str, body: dict[str, Any]) -> bytes:
    """Return a page made for people that carries this body's values where it names them: {{data-band}}."""
    page = (RECORDED / name / body["page"]).read_text(encoding="utf-8")
    for key, value in body.items():
        page = page.replace(f"{{{{{key}}}}}", escape(value if isinstance(value, str) else json.dumps(value)))
    return page.encode("utf-8", "replace")


class Asking:
    """Asks platforms; one child process serves all those of Scrapy."""

    def __init__(self, crawling: Crawling) -> None:
        self._crawling = crawling

    def ask(self, name: str, case: dict[str, Any], **access: Any) -> Heard:
        """Ask a case's question while its answers are served."""
        with Replay(hosts=[HOST]) as server:
            for where, answers in (recorded(name).get("always", {}) | case["answers"]).items():
                method, _, url = where.rpartition(" ")
                for one in answers if isinstance(answers, list) else [answers]:
                    server.add(url, answer_of(name, one), method=method or "GET")
            reach = {"timeout_s": 5.0, **recorded(name).get("access", {}), **access}
            cls = platform(name)
            heard = self._client if issubclass(cls, Client) else self._spider
            look, parks = heard(cls, case, server.url, reach)
            return Heard(look, [asked.target for asked in server.asked], parks)

    def _spider(self, cls: Any, case: dict[str, Any], url: str, reach: dict[str, Any]) -> tuple[Any, Any]:
        question = (case["ask"], case["subject"], case.get("market", ""))
        crawled = self._crawling.crawl(cls.name, [question], url, access=reach)
        parks: dict[str, float] = {}
        for bucket, seconds, _ in crawled.parks:
            parks[bucket] = max(seconds, parks.get(bucket, 0.0))
        return crawled.only(), parks

    def _client(self, cls: Any, case: dict[str, Any], url: str, reach: dict[str, Any]) -> tuple[Any, Any]:
        gate = QuickGate()
        client = cls(Access(**{"base_url": url, "contact": "ops@label.example", "lapse": LAPSE, **reach}), gate)
        try:
            more = {key: case[key] for key in ("section", "market") if key in case}
            (look,) = looks(client, Target(cls.name, Ask(case["ask"]), case["subject"], **more)).values()
        finally:
            client.close()
        told = [{"type": type(seen).__name__, **asdict(seen)} for seen in look.observations]
        plain = {**asdict(look.coverage), "told": told, "payloads": [(p.status, len(p.body)) for p in look.payloads]}
        return json.loads(json.dumps(plain, default=sorted)), gate.parked
