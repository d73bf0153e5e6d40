"""The contract of a platform: facts as class attributes, targets in, pages of observations out.

A platform is one file: a docstring with its quirks, one class, pure `read_*` functions. It knows neither the database,
nor the environment, nor the clock. Whatever it is asked, the last page said for each target carries the coverage.
"""

import hashlib
import importlib
import logging
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import quote, quote_plus, urlsplit, urlunsplit

import spiders
from spiders.base.errors import Refused, Trouble
from storage.limits import Limit
from storage.targets import Ask

NO_SECRETS = frozenset({"client_id", "team_id", "key_id"})  # credentials that name who asks
SECRET_CHARS = 8  # a shorter word may stand in a text by chance

log = logging.getLogger(__name__)


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
    token_dir: str = ""  # where a token outlives the process, where few are given; "": only in memory

    def __post_init__(self) -> None:
        """Strip what a base URL must not hold: it is stored with every answer, shown and logged."""
        bare, held = stripped(self.base_url)
        if held:
            log.warning("a base URL held %s: left out, and not sent", held)
            object.__setattr__(self, "base_url", bare)

    def masked(self, text: str) -> str:
        """Take credentials out of a text that others will see."""
        for secret in self.credentials.values():
            if len(secret) >= SECRET_CHARS:
                for safe in ("", "/", ":/@"):
                    text = text.replace(quote(secret, safe), "***").replace(quote_plus(secret, safe), "***")
                text = text.replace(secret, "***")
        return text

    @property
    def user_agent(self) -> str:
        """Say who asks and how to reach them."""
        return f"Falsetto/0.1 ( {self.contact or 'no contact given'} )"


class Platform:
    """One streaming service or reference source."""

    name: ClassVar[str]
    title: ClassVar[str]  # as people write it
    api: ClassVar[str]  # the platform's own base URL
    page: ClassVar[str]  # a profile's public page: "https://www.deezer.com/artist/{id}"
    page_forms: ClassVar[tuple[str, ...]]  # how people write it: patterns of host and path, with a group "id"
    release_forms: ClassVar[tuple[str, ...]] = ()  # how people write a release's page, with a group "id"
    other_pages: ClassVar[Mapping[str, tuple[str, ...]]] = {}  # its other pages, by kind: "album", "short link", ...
    spellings: ClassVar[tuple[str, ...]] = ()  # how a reference source may write the page, if not like `page`
    pages_of: ClassVar[str] = ""  # the platform that has the same pages and ids: a page is taken for that one's first
    profile_id: ClassVar[str]  # the shape of a profile's id
    accepts: ClassVar[frozenset[Ask]]
    limits: ClassVar[Mapping[str, Limit]]  # bucket -> limit; "" is the bucket of everything not named
    sections: ClassVar[tuple[str, ...]] = ("",)  # the lists that a profile's page is split into
    windowed: ClassVar[bool] = False  # lists show what is near today and nothing else: no look at one is ever whole
    rare_sections: ClassVar[frozenset[str]] = frozenset()  # long unordered lists: asked rarely, always whole
    has_markets: ClassVar[bool] = False  # answers depend on a market that the question names
    markets_agree: ClassVar[bool] = False  # on everything but what is offered: titles, names and links are the same
    batch: ClassVar[Mapping[Ask, int]] = {}  # how many targets one call answers; 1 where not named
    rows_a_call: ClassVar[int] = 100  # how many releases one call of a list brings at most
    early_stop: ClassVar[frozenset[str]] = frozenset()  # sections that are newest first
    never_says: ClassVar[frozenset[str]] = frozenset()  # fields that are blind here, whatever the credential
    needs: ClassVar[tuple[str, ...]] = ()  # names of mandatory credentials
    counted_by: ClassVar[str] = ""  # the credential that calls are counted by; "": the address they come from
    throttles: ClassVar[frozenset[int]] = frozenset({429})  # statuses by which it says "not now"
    parks: ClassVar[tuple[float, ...]] = (5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0, 640.0)  # rest after each refusal
    longest_pause_s: ClassVar[float] = 3600.0  # no answer may keep us away for longer
    search_folds: ClassVar[tuple[str, ...]] = ("case", "marks", "punctuation", "spacing")  # what a search takes as one
    may_use: ClassVar[tuple[str, ...]] = ()  # names of optional credentials
    capabilities: ClassVar[tuple[str, ...]] = ()  # what a credential may be allowed, in the platform's words
    remedies: ClassVar[Mapping[str, str]] = {}  # what to do about a refusal whose words match a pattern
    terms: ClassVar[str]  # one sentence an operator must have read
    keep_days: ClassVar[int | None] = None  # the longest that its terms let raw answers be kept
    media: ClassVar[str] = "application/json"  # what its answers are: this, or "text/html"
    obeys_robots: ClassVar[bool] = False  # it is read from pages made for people: each host's robots.txt is asked first
    reference: ClassVar[bool] = False  # a reference source: says who is who, hosts no music

    @classmethod
    def holder(cls, access: Access, egress: str) -> str:
        """Name whom calls are counted for: an app by its id, a secret by a digest, or else the address."""
        said = access.credentials.get(cls.counted_by, "")
        if not said or cls.counted_by in NO_SECRETS:
            return said or egress
        return f"sha256:{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()[:16]}"

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

    def refusal(self, status: int, body: bytes) -> Trouble | None:
        """Say what an error in a body means; it knows more than the status, which may be any."""
        return None

    def rest_s(self, headers: Mapping[str, str]) -> float:
        """Say how long the next call should wait, where an answer's headers tell what is left of a budget."""
        return 0.0

    @classmethod
    def profile_url(cls, profile_id: str) -> str:
        """Return a profile's public page."""
        return cls.page.replace("{id}", profile_id)


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
    try:
        asked, pinned = urlsplit(url), urlsplit(base)
    except ValueError as error:
        raise Refused("link that is no address refused", about_target=True) from error
    if (asked.scheme, asked.netloc) != (pinned.scheme, pinned.netloc):
        raise Refused(f"link to another host refused: {asked.scheme}://{asked.hostname or '?'}", about_target=True)
    return url


def segment(text: str) -> str:
    """Write a subject so that it stays one segment of a path."""
    return quote(text, safe="", errors="replace")


def stripped(url: str) -> tuple[str, str]:
    """Return a base URL without user, password, query and fragment, and say which of them it held."""
    try:
        parts = urlsplit(url)
        user, host = "@" in parts.netloc, parts.netloc.rpartition("@")[2]
    except ValueError:  # what is no address is refused where it is asked
        return url, ""
    held = [
        word for word, there in (("a user name or password", user), ("a query", parts.query or parts.fragment)) if there
    ]
    return (urlunsplit((parts.scheme, host, parts.path, "", "")), " and ".join(held)) if held else (url, "")
