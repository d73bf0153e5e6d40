"""The contract of a platform: facts as class attributes, targets in, pages of observations out.

A platform is one file: a docstring with its quirks, one class, pure `read_*` functions. It knows neither the database,
nor the environment, nor the clock. Whatever it is asked, the last page said for each target carries the coverage.
"""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import urlsplit

import spiders
from spiders.base.errors import Refused
from storage.limits import Limit
from storage.targets import Ask


@dataclass(frozen=True, slots=True)
class Access:
    """How this installation reaches one platform: host, who asks, credentials and market."""

    base_url: str = ""  # empty: the platform's own hosts
    contact: str = ""
    market: str = "US"
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    capability: str = ""  # the platform's word for what this credential may: development, extended
    lapse: float = 1.0  # declared time-lapse factor: waits shrink by it
    timeout_s: float = 20.0
    max_bytes: int = 8_000_000

    @property
    def user_agent(self) -> str:
        """Say who asks and how to reach them."""
        return f"Falsetto/0.1 ( {self.contact or 'no contact given'} )"


class Platform:
    """One streaming service or reference source."""

    name: ClassVar[str]
    title: ClassVar[str]  # as people write it
    api: ClassVar[str]  # the platform's own base URL
    accepts: ClassVar[frozenset[Ask]]
    limits: ClassVar[Mapping[str, Limit]]  # bucket -> limit; "" is the bucket of everything not named
    sections: ClassVar[tuple[str, ...]] = ("",)  # the lists that a profile's page is split into
    rare_sections: ClassVar[frozenset[str]] = frozenset()  # long unordered lists: asked rarely, always whole
    has_markets: ClassVar[bool] = False  # answers depend on a market that the question names
    batch: ClassVar[Mapping[Ask, int]] = {}  # how many targets one call answers; 1 where not named
    early_stop: ClassVar[frozenset[str]] = frozenset()  # sections that are newest first
    never_says: ClassVar[frozenset[str]] = frozenset()  # fields that are blind here, whatever the credential
    needs: ClassVar[tuple[str, ...]] = ()  # names of mandatory credentials
    capabilities: ClassVar[tuple[str, ...]] = ()  # the words that an access's capability may be; the first is assumed
    terms: ClassVar[str]  # one sentence an operator must have read
    keep_days: ClassVar[int | None] = None  # the longest that its terms let raw answers be kept
    reference: ClassVar[bool] = False  # a reference source: says who is who, hosts no music

    @classmethod
    def limits_for(cls, access: Access) -> Mapping[str, Limit]:
        """Return the limits that this access is held to."""
        return cls.limits

    @classmethod
    def blind_for(cls, access: Access) -> frozenset[str]:
        """Return the fields that this access can never see."""
        return cls.never_says

    @classmethod
    def bucket(cls, ask: Ask, section: str = "") -> str:
        """Name the bucket that pays for such a question."""
        return ""

    @classmethod
    def profile_url(cls, profile_id: str) -> str:
        """Return a profile's public page."""
        raise LookupError(f"{cls.name} has no public profile pages")


def platforms() -> dict[str, type[Platform]]:
    """Find every platform: a module in spiders/ whose class bears the module's name."""
    return {name: platform(name) for name in platform_names()}


def platform_names() -> list[str]:
    """List the platforms without importing them."""
    return sorted(m.name for m in pkgutil.iter_modules(spiders.__path__) if m.name != "base")


def platform(name: str) -> type[Platform]:
    """Load one platform by its name, or raise LookupError naming those there are."""
    if name not in platform_names():
        raise LookupError(f"unknown platform {name!r}; known: {', '.join(platform_names())}")
    module = importlib.import_module(f"spiders.{name}")
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Platform) and value.__dict__.get("name") == name:
            return value
    raise LookupError(f"spiders/{name}.py holds no platform of that name")


def same_host(url: str, base: str) -> str:
    """Return the URL if it stays on the base's scheme, host and port; a link elsewhere is refused."""
    asked, pinned = urlsplit(url), urlsplit(base)
    if (asked.scheme, asked.netloc) != (pinned.scheme, pinned.netloc):
        raise Refused(f"link to another host refused: {asked.scheme}://{asked.hostname or '?'}")
    return url


def chunks(ids: list[str], size: int) -> Iterator[list[str]]:
    """Split ids into runs of at most `size`."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
