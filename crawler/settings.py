"""Settings: the environment and `.env`, read here and nowhere else, once, into a frozen value."""

import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, SecretStr, ValidationError, field_validator

from crawler.timelapse import Timepiece
from spiders.base.platform import Access, platform_names
from spiders.base.platform import platform as known_platform

PREFIX = "FALSETTO_"
MARKET = re.compile(r"[A-Z]{2}")
SHORTEST_KEY = 32
HOST = re.compile(r"(?i)[a-z0-9_]([a-z0-9_.-]*[a-z0-9_.])?|[0-9a-f:.]+")
DESTINATION = f"{PREFIX}DESTINATION_"
DETECTOR = f"{PREFIX}DETECTOR_"
DETECTOR_WORDS = ("URL", "KEY", "SECRET")
# Standard Webhooks: 24 bytes or more.
WEBHOOK_SECRET = re.compile(r"whsec_(?:[A-Za-z0-9+/]{4}){8,}(?:[A-Za-z0-9+/]{2,3}={0,2})?")
DESTINATION_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}")
COVER_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
CONTACT = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+|https?://\S+")


class BadSettings(Exception):
    """A setting can't be used; the message names it and never quotes a secret."""


class Settings(BaseModel):
    """Everything an operator may set."""

    model_config = ConfigDict(frozen=True)

    database_url: SecretStr = SecretStr("sqlite:///falsetto.db")
    platforms: tuple[str, ...] = ()
    contact: str = ""
    market: str = Field(default="US", pattern=r"^[A-Z]{2}$")
    second_market: str = Field(default="", pattern=r"^([A-Z]{2})?$")  # asked too about what has an open case
    time_lapse: float = Field(default=1.0, gt=0, le=1_000_000)
    time_origin: datetime | None = None
    time_anchor: FiniteFloat | None = (
        None  # real epoch second at which time_origin was, shared by workers of one time-lapse
    )
    log_level: str = "INFO"
    keep_raw_days: int = Field(default=365, ge=1, le=36_500)
    keep_looks_days: int = Field(default=90, ge=0, le=36_500)  # this and the next five: 0 is for ever
    keep_changes_days: int = Field(default=1095, ge=0, le=36_500)
    keep_retired_days: int = Field(default=365, ge=0, le=36_500)
    keep_told_days: int = Field(default=365, ge=0, le=36_500)
    keep_deliveries_days: int = Field(default=90, ge=0, le=36_500)
    keep_alerts_days: int = Field(default=365, ge=0, le=36_500)
    alerts: FiniteFloat = Field(default=1.0, ge=0, le=1000)  # false alarms per 100 artists and week
    egress: str = "here"
    destinations: Mapping[str, SecretStr] = Field(default_factory=dict)  # of alerts: their addresses hold secrets
    token_dir: str = ".falsetto"  # where tokens outlive the process, of platforms that give few
    signing_key: SecretStr = SecretStr("")  # the secrets of endpoints are made from it; no store holds it
    webhook_private_hosts: tuple[str, ...] = ()  # names that may lead into this network
    webhook_loopback: bool = False
    detector: Mapping[str, Mapping[str, SecretStr]] = Field(default_factory=dict)  # how each is reached
    no_hand_off: tuple[str, ...] = ()  # platforms whose facts no detection system is asked by
    public_url: str = ""  # where `falsetto serve` is reached from outside
    console_secret: SecretStr = SecretStr("")  # signs the console's sessions; without one they end with the process
    console_covers: tuple[str, ...] = ()  # hosts whose covers the console may show
    console_tls: bool = False  # the console is reached over TLS: its cookie never travels in the clear
    reach: Mapping[str, Mapping[str, SecretStr]] = Field(default_factory=dict)

    @field_validator("platforms", "no_hand_off", mode="before")
    @classmethod
    def _known(cls, value: object) -> object:
        names = [name.strip().lower() for name in value.split(",")] if isinstance(value, str) else value
        if isinstance(names, list | tuple):
            names = tuple(dict.fromkeys(name for name in names if name))
            for name in names:
                if name not in platform_names():
                    raise ValueError(f"unknown platform {name!r}; known: {', '.join(platform_names())}")
        return names

    @field_validator("webhook_private_hosts", mode="before")
    @classmethod
    def _names(cls, value: object) -> object:
        names = value.split(",") if isinstance(value, str) else value
        if not isinstance(names, list | tuple):
            return names
        return tuple(dict.fromkeys(str(name).strip().lower() for name in names if str(name).strip()))

    @field_validator("signing_key")
    @classmethod
    def _long(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < SHORTEST_KEY:
            raise ValueError(f"at least {SHORTEST_KEY} characters were expected, such as `openssl rand -hex 32` gives")
        return value

    @field_validator("console_covers", mode="before")
    @classmethod
    def _hosts(cls, value: object) -> object:
        hosts = [host.strip().lower() for host in value.split(",")] if isinstance(value, str) else value
        if isinstance(hosts, list | tuple):
            hosts = tuple(dict.fromkeys(host for host in hosts if host))
            for host in hosts:
                if not COVER_HOST.fullmatch(str(host)):
                    raise ValueError(f"a host name was expected, got {host!r}")
        return hosts

    @field_validator("contact")
    @classmethod
    def _reachable(cls, value: str) -> str:
        if value and not (CONTACT.fullmatch(value) and value.isascii() and value.isprintable()):
            raise ValueError("a mail address or a URL in plain ASCII was expected, so that a platform can reach you")
        return value

    @field_validator("time_origin")
    @classmethod
    def _aware(cls, value: datetime | None) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value

    def clock(self) -> Timepiece:
        """Return the clock that everything goes by: real time, or the declared time-lapse."""
        return Timepiece(self.time_lapse, self.time_origin, self.time_anchor)

    def access(self, platform: str) -> Access:
        """Say how this installation reaches a platform."""
        said = {key: value.get_secret_value() for key, value in self.reach.get(platform, {}).items()}
        said.pop("canary", "")
        base_url = said.pop("base_url", "").rstrip("/")
        if base_url and not _is_url(base_url):
            raise BadSettings(f"{PREFIX}{platform.upper()}_BASE_URL: an http(s) URL was expected")
        market = said.pop("market", self.market)
        if not MARKET.fullmatch(market):
            raise BadSettings(f"{PREFIX}{platform.upper()}_MARKET: two capital letters were expected, such as DE")
        return Access(
            base_url=base_url,
            contact=self.contact,
            market=market,
            capability=said.pop("capability", ""),
            credentials=said,
            lapse=self.time_lapse,
            token_dir=self.token_dir,
        )

    def canaries(self, platform: str) -> tuple[str, ...]:
        """Return the pages of a platform that the operator wants asked every day, to see whether its API changed."""
        said = self.reach.get(platform, {}).get("canary", SecretStr("")).get_secret_value()
        found = tuple(dict.fromkeys(one.strip() for one in said.split(",") if one.strip()))
        for one in found:
            if not re.fullmatch(known_platform(platform).profile_id, one):
                raise BadSettings(f"{PREFIX}{platform.upper()}_CANARY: ids of pages were expected, got {one!r}")
        return found

    def asks_real_hosts(self, platform: str) -> bool:
        """Tell whether a platform's own hosts would be asked (not a sandbox, replay or proxy)."""
        return not self.access(platform).base_url


def read_settings(environment: Mapping[str, str] | None = None, dotenv: Path = Path(".env")) -> Settings:
    """Read the environment over `.env`, or raise BadSettings naming the setting."""
    if environment is None:
        environment = os.environ  # noqa: TID251 -- this is the one reader
    said = _dotenv(dotenv) | dict(environment)
    fixed = {name: said[PREFIX + name.upper()] for name in Settings.model_fields if said.get(PREFIX + name.upper())}
    fixed.pop("reach", None)
    fixed.pop("destinations", None)
    fixed.pop("detector", None)
    try:
        gathered = {"reach": _reach(said), "destinations": _destinations(said), "detector": _detectors(said)}
        settings = Settings.model_validate({**fixed, **gathered})
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = PREFIX + str(first["loc"][0]).upper()
        raise BadSettings(f"{name}: {str(first['msg']).removeprefix('Value error, ')}") from None
    for platform in settings.reach:
        settings.access(platform)
        settings.canaries(platform)
    return settings


def _dotenv(path: Path) -> dict[str, str]:
    try:
        return {k: v for k, v in dotenv_values(path).items() if v is not None}
    except UnicodeError:
        raise BadSettings(f"{path.name} is not UTF-8 text: save it as UTF-8") from None
    except OSError as error:
        raise BadSettings(f"{path.name} can't be read: {error.strerror or error}") from None


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(HOST.fullmatch(parts.hostname or "")) and parts.port != 0
    except ValueError:  # a broken IPv6 address, or a port that is no number
        return False


def unknown_settings(environment: Mapping[str, str] | None = None, dotenv: Path = Path(".env")) -> list[str]:
    """List names that look like settings of ours and are none: mistyped ones change nothing, and nobody notices."""
    if environment is None:
        environment = os.environ  # noqa: TID251 -- this is the one reader
    known = {PREFIX + name.upper() for name in Settings.model_fields if name != "reach"}
    starts = (*(f"{PREFIX}{platform.upper()}_" for platform in platform_names()), DESTINATION, DETECTOR)
    said = _dotenv(dotenv).keys() | environment.keys()
    return sorted(
        name for name in said if name.startswith(PREFIX) and name not in known and not name.startswith(starts)
    )


def _reach(said: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Gather FALSETTO_<PLATFORM>_<WORD> settings by platform."""
    found: dict[str, dict[str, str]] = {}
    for platform in platform_names():
        start = f"{PREFIX}{platform.upper()}_"
        words = {
            key.removeprefix(start).lower(): value for key, value in said.items() if key.startswith(start) and value
        }
        if words:
            found[platform] = words
    return found


def _detectors(said: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Gather FALSETTO_DETECTOR_<NAME>_URL, _KEY and _SECRET by detector."""
    found: dict[str, dict[str, str]] = {}
    for key, value in said.items():
        if not key.startswith(DETECTOR) or not value:
            continue
        name, _, word = key.removeprefix(DETECTOR).rpartition("_")
        if word not in DETECTOR_WORDS or not DESTINATION_NAME.fullmatch(name.lower()):
            raise BadSettings(f"{key}: {DETECTOR}<NAME>_ and one of {', '.join(DETECTOR_WORDS)} were expected")
        if word == "URL" and not _is_url(value):
            raise BadSettings(f"{key}: an http(s) URL was expected")
        if word == "SECRET" and not WEBHOOK_SECRET.fullmatch(value):  # no callback would ever prove itself
            raise BadSettings(f"{key}: whsec_ and the base64 of at least 24 bytes were expected")
        found.setdefault(name.lower(), {})[word.lower()] = value
    return found


def _destinations(said: Mapping[str, str]) -> dict[str, str]:
    """Gather where alerts may go: FALSETTO_DESTINATION_<NAME>, over the lines of the file FALSETTO_DESTINATIONS."""
    found: dict[str, str] = {}
    setting = f"{PREFIX}DESTINATIONS"
    if path := said.get(setting, ""):
        try:
            lines = Path(path).read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeError, ValueError) as fault:
            why = getattr(fault, "strerror", None) or "it is not UTF-8 text"
            raise BadSettings(f"{setting}: the file can't be read: {why}") from None
        for number, line in enumerate(lines, 1):
            name, equals, url = (part.strip() for part in line.partition("="))
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            if not equals or not url or not DESTINATION_NAME.fullmatch(name):
                raise BadSettings(f"{setting}: line {number} is not of the form: name = address")
            if name in found:
                raise BadSettings(f"{setting}: line {number} names {name} again")
            found[name] = url
    for key, value in said.items():
        if key.startswith(DESTINATION) and value:
            name = key.removeprefix(DESTINATION).lower()
            if not DESTINATION_NAME.fullmatch(name):
                raise BadSettings(f"{key}: letters, digits, - and _ were expected after {DESTINATION}")
            found[name] = value
    return found
