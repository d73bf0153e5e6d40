"""Switches that make a platform misbehave, repeatable from the seed and the number of the request."""

import math
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sandbox.dialects.answer import Answer, Ask, Dialect
from sandbox.world import PLATFORMS

OFFSETS = ("index", "offset")
A_DAY = 86_207.0
FOREIGN = "http://catalogue.invalid"
REPLACING = (
    "throttle",
    "throttle_mid_page",
    "quota",
    "storm_503",
    "empty_403",
    "html_error",
    "error_in_200",
    "unauthorized",
    "premium",
)
REQUEST = ("ignore_offset", "cycle")
CONTENT = ("short_page", "jitter_total", "null_items", "foreign_next", "drop_field", "rename_field")
TRANSPORT = ("reset", "truncated", "slow")
BAD_DAYS = ("absent_burst", "empty_list", "halved_list")
NAMES = REPLACING + REQUEST + CONTENT + TRANSPORT + BAD_DAYS
PREMIUM = "Active premium subscription required for the owner of the app."
HTML = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


class UnknownFault(ValueError):
    """Somebody asked for a fault that does not exist, or described one badly."""


@dataclass(frozen=True)
class Switch:
    """One fault, how often, and where."""

    name: str
    probability: float
    platforms: tuple[str, ...] = PLATFORMS
    path: str = ""
    field: str = "label"
    to: str = "renamed"
    seconds: float = 0.3
    share: float = 1.0  # of the profiles
    since: float = -math.inf  # virtual seconds since the epoch
    until: float = math.inf

    def told(self) -> dict[str, object]:
        """Write the switch down."""
        return {
            "probability": self.probability, "platforms": list(self.platforms), "path": self.path,
            "field": self.field, "to": self.to, "seconds": self.seconds, "share": self.share,
            "since": written(self.since), "until": written(self.until),
        }  # fmt: skip


def read_switch(name: str, said: object) -> Switch:
    """Read a switch from a probability or from an object."""
    if name not in NAMES:
        raise UnknownFault(f"no fault is called {name!r}; there are {', '.join(sorted(NAMES))}")
    if isinstance(said, int | float):
        said = {"probability": said}
    if not isinstance(said, Mapping) or set(said) - set(Switch.__dataclass_fields__) or "name" in said:
        known = "probability, platforms, path, field, to, seconds, share, since, until"
        raise UnknownFault(f"{name}: a probability or an object with {known}")
    platforms = said.get("platforms", PLATFORMS)
    if isinstance(platforms, str) or set(platforms) - set(PLATFORMS):
        raise UnknownFault(f"{name}.platforms: a list of {', '.join(PLATFORMS)}")
    try:
        probability, seconds = float(said.get("probability", 1.0)), float(said.get("seconds", 0.3))
        share = float(said.get("share", 1.0))
    except (TypeError, ValueError):
        raise UnknownFault(f"{name}: probability, seconds and share are numbers") from None
    if not 0 <= probability <= 1 or not 0 <= seconds <= 60 or not 0 <= share <= 1:
        raise UnknownFault(f"{name}: a probability is between 0 and 1, so is a share, seconds between 0 and 60")
    texts = {key: str(said[key]) for key in ("path", "field", "to") if key in said}
    since, until = moment(name, said.get("since"), -math.inf), moment(name, said.get("until"), math.inf)
    return Switch(name, probability, tuple(platforms), seconds=seconds, share=share, since=since, until=until, **texts)


def moment(name: str, said: object, otherwise: float) -> float:
    """Read a virtual time; one without a zone is UTC, none is open."""
    if said is None:
        return otherwise
    try:
        read = datetime.fromisoformat(str(said))
    except ValueError:
        raise UnknownFault(f"{name}: {said!r} is not an ISO time") from None
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()


def written(when: float) -> str | None:
    """Write a virtual time; an open one is none."""
    return datetime.fromtimestamp(when, UTC).isoformat() if math.isfinite(when) else None


class Faults:
    """The switches of all platforms and how often each has fired."""

    def __init__(self, seed: int = 0) -> None:
        """Begin with everything off."""
        self.seed = seed
        self.switches: dict[str, Switch] = {}
        self.asked: Counter[str] = Counter()
        self.fired: Counter[str] = Counter()

    def set(self, said: Mapping[str, object]) -> None:
        """Switch faults on or off; `clear` first forgets all of them, `seed` begins the chances anew."""
        read = {
            name: read_switch(name, value) for name, value in said.items() if name not in ("clear", "seed") and value
        }
        off = [name for name, value in said.items() if name not in ("clear", "seed") and not value]
        for name in off:
            read_switch(name, 0)
        seed = said.get("seed", self.seed)
        if not isinstance(seed, int):
            raise UnknownFault("seed: a whole number")
        if said.get("clear"):
            self.switches.clear()
        self.seed = seed
        self.switches = {name: switch for name, switch in {**self.switches, **read}.items() if name not in off}

    def told(self) -> dict[str, object]:
        """Write down what is on and what has fired."""
        on = {name: switch.told() for name, switch in self.switches.items()}
        return {"seed": self.seed, "on": on, "fired": dict(sorted(self.fired.items()))}

    def draw(self, ask: Ask, platform: str) -> dict[str, Switch]:
        """Choose the faults of one request."""
        self.asked[platform] += 1
        return {
            name: switch
            for name, switch in self.switches.items()
            if platform in switch.platforms
            and switch.path in ask.path
            and self.chance(name, platform) < switch.probability
        }

    def chance(self, name: str, platform: str) -> float:
        """Give a number between 0 and 1 that belongs to this fault and this request."""
        return zlib.crc32(f"{self.seed}/{name}/{platform}/{self.asked[platform]}".encode()) / 2**32

    def note(self, name: str, platform: str) -> None:
        """Count a fault that had an effect."""
        self.fired[f"{platform}.{name}"] += 1


def offset_of(ask: Ask) -> int:
    """Give how far into a list a request asks."""
    return max((ask.number(key, 0) or 0 for key in OFFSETS), default=0)


def without_offset(ask: Ask) -> Ask:
    """Give the same request for the first page."""
    return replace(ask, params={key: value for key, value in ask.params.items() if key not in OFFSETS})


def replacement(name: str, dialect: Dialect, ask: Ask) -> Answer | None:
    """Give the answer that a fault gives instead of the true one."""
    match name:
        case "throttle":
            return dialect.refusal(dialect.buckets(ask)[0], 2.0)
        case "throttle_mid_page":
            return dialect.refusal(dialect.buckets(ask)[0], 2.0) if offset_of(ask) else None
        case "quota":
            return dialect.refusal(dialect.buckets(ask)[-1], A_DAY)
        case "storm_503":
            return Answer(status=503, text="Service Unavailable", content_type="text/plain")
        case "empty_403":
            return Answer(status=403, content_type="text/html")
        case "html_error":
            return Answer(status=502, text=HTML, content_type="text/html")
        case "error_in_200":
            return Answer({"error": {"type": "Exception", "message": "Service busy", "code": 700}})
        case "unauthorized":
            return Answer({"error": {"status": 401, "message": "Access token missing"}}, status=401)
        case "premium":
            return Answer(status=403, text=PREMIUM, content_type="text/plain")
    return None


def spoil(answer: Answer, switch: Switch, ask: Ask, chance: float) -> bool:
    """Change what an answer says; tells whether there was anything to change."""
    page = answer.page
    if switch.name in ("drop_field", "rename_field"):
        return rename(answer.document, switch.field, switch.to if switch.name == "rename_field" else None) > 0
    if page is None:
        return False
    rows: list[Any] = page.holder[page.items]
    if switch.name == "short_page" and len(rows) > 1:
        page.holder[page.items] = rows[: len(rows) // 2]
        return True
    if switch.name == "null_items" and rows:
        rows[int(chance * 1e6) % len(rows)] = None
        return True
    if switch.name == "jitter_total" and page.total:
        page.holder[page.total] = max(0, page.holder[page.total] + (-3, -1, 2, 7)[int(chance * 1e6) % 4])
        return True
    if switch.name == "foreign_next" and page.next and page.way.get(page.next):
        link = str(page.way[page.next])
        page.way[page.next] = FOREIGN + link if link.startswith("/") else link.replace(ask.base, FOREIGN)
        return True
    if switch.name == "cycle" and page.next and page.way.get(page.next):
        page.way[page.next] = ask.url(ask.path)
        return True
    return False


def rename(document: Any, field: str, to: str | None) -> int:
    """Rename a key everywhere in a document, or remove it."""
    if isinstance(document, list):
        return sum(rename(item, field, to) for item in document)
    if not isinstance(document, dict):
        return 0
    count = 0
    if field in document:
        value = document.pop(field)
        count = 1
        if to is not None:
            document[to] = value
    return count + sum(rename(value, field, to) for value in document.values())
