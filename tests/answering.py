"""Answers read without a network: what a platform makes of any bodies, a hundred thousand of them if need be."""

import copy
import json
import logging
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from scrapy.http import Request, Response

from spiders.base.client import Client
from spiders.base.crawled.spider import PlatformSpider
from spiders.base.errors import Trouble, Unavailable
from spiders.base.http import Answer
from spiders.base.platform import Access, Platform
from spiders.base.reading import parse
from storage.observations import Observation, Outcome, Page, Payload
from storage.targets import Ask, Target
from tests.asking import recorded
from tests.clients import QuickGate

ACCESS = Access(contact="ops@label.example", capability="extended", lapse=1e9,
                credentials={"client_id": "an-id-of-ours", "client_secret": "a-secret-of-ours"})  # fmt: skip
WORDS = (
    None,
    True,
    False,
    0,
    -1,
    7,
    10**30,
    1.5,
    "",
    "x",
    "\x00\ud800",
    "9" * 5_000,
    [],
    {},
    [None],
    [[]],
    {"id": None},
)


@dataclass
class Faults(logging.Handler):
    """What was raised that is no error of ours, and what was called a fault of ours."""

    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(logging.ERROR)

    def __hash__(self) -> int:
        return id(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage().partition("\n")[0][:200])

    def __enter__(self) -> "Faults":
        for name in ("spiders.base.reading", "spiders.base.crawled.spider"):
            logging.getLogger(name).addHandler(self)
            logging.getLogger(name).propagate = False
        return self

    def __exit__(self, *exc: object) -> None:
        for name in ("spiders.base.reading", "spiders.base.crawled.spider"):
            logging.getLogger(name).removeHandler(self)
            logging.getLogger(name).propagate = True


def answered(cls: type[Platform], ask: Ask, subject: str, bodies: Iterable[bytes]) -> tuple[Outcome, list[Observation]]:
    """Answer a question with these bodies in turn, and return how it ended and what was told."""
    target = Target(cls.name, ask, subject)
    left = iter(bodies)
    pages = _crawled(cls, target, left) if issubclass(cls, PlatformSpider) else _client(cls, target, left)
    told = [seen for page in pages for seen in page.observations]
    last = next((page.coverage for page in pages if page.coverage is not None), None)
    return (Outcome.FAILED if last is None else last.outcome), told


def _crawled(cls: Any, target: Target, left: Iterator[bytes]) -> list[Page]:
    spider = cls(access=ACCESS)
    looks = spider.open([target])
    asked, pages = spider.first(looks), []
    while isinstance(asked, Request):
        body = next(left, None)
        if body is None:
            return pages + spider.give_up(looks, Unavailable("no more answers"))
        response, asked_now = Response(asked.url, body=body, request=asked), asked
        asked = None
        try:
            if (trouble := spider.trouble_in(response)) is not None:
                raise trouble
            for item in asked_now.callback(response, **asked_now.cb_kwargs):
                if isinstance(item, Request):
                    asked = item
                else:
                    pages += item if isinstance(item, list) else [item]
        except Trouble as trouble:
            return pages + spider.give_up(looks, trouble, response)
    return pages


def _client(cls: Any, target: Target, left: Iterator[bytes]) -> list[Page]:
    client = _opened(cls)
    client.gate = QuickGate()
    if hasattr(client, "_transport"):
        token = as_body(next(iter(recorded(cls.name).get("always", {}).values()), {}))
        client._transport._fetch = lambda method, *more: (  # type: ignore[attr-defined]
            (200, {}, token if method == "POST" else _next(left))
        )
    else:
        client._api.get = lambda path, *more, **params: _answer(path, _next(left))  # type: ignore[attr-defined]
    return list(client.observe_batch([target]))


@cache
def _opened(cls: Any) -> Client:
    """Open a client once: a pool's certificates take longer to load than an answer to read."""
    keys = {**ACCESS.credentials, **recorded(cls.name).get("access", {}).get("credentials", {})}
    client: Client = cls(replace(ACCESS, credentials=keys), QuickGate())
    return client


def _next(left: Iterator[bytes]) -> bytes:
    body = next(left, None)
    if body is None:
        raise Unavailable("no more answers")
    return body


def _answer(path: str, body: bytes) -> Answer:
    return Answer(200, parse(body, path), Payload(f"https://api.example/{path}", 200, body))


def mutated(document: Any, chance: random.Random) -> Any:
    """Spoil a few places of a document; it is changed in place and returned."""
    holder = {"document": document}
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        places = list(_places(holder))
        if places:
            _spoil(*chance.choice(places), chance)
    return holder.get("document")


def _places(document: Any) -> Iterator[tuple[Any, Any]]:
    keys: Iterable[Any] = document.keys() if isinstance(document, dict) else range(len(document))
    for key in list(keys):
        yield document, key
        if isinstance(document[key], dict | list):
            yield from _places(document[key])


def _spoil(within: Any, key: Any, chance: random.Random) -> None:
    match chance.randrange(6):
        case 0 if isinstance(within, dict):
            del within[key]
        case 1 if isinstance(within, dict):
            within[f"{key}_"] = within.pop(key)
        case 2 if isinstance(within[key], list):
            within[key].insert(chance.randrange(len(within[key]) + 1), copy.deepcopy(chance.choice(WORDS)))
        case 3 if isinstance(within[key], list) and within[key]:
            within[key].append(copy.deepcopy(within[key][0]))
        case 4:
            within[key] = [within[key]]
        case _:
            within[key] = copy.deepcopy(chance.choice(WORDS))


def as_body(document: Any) -> bytes:
    """Write a document as an answer's body."""
    return json.dumps(document).encode()
