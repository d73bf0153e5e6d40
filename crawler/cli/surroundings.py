"""What every command starts from: settings, an up-to-date store, the enabled platforms, and a log without secrets."""

import logging
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Engine

from crawler.cli.faults import BadInput
from crawler.cli.terminal import plain
from crawler.settings import BadSettings, Settings, read_settings, unknown_settings
from spiders.base.platform import Access, Platform, platform, platform_names, platforms
from storage.database import check, open_database, open_to_read, upgrade

SECRET = re.compile(
    r"(?i)(bearer|basic|oauth)\s+[a-z0-9._~+/=-]+|((?:token|secret|password|api_?key|[?&]key)[\"']?\s*[=:]\s*)\S+"
)
CHATTY = ("spotipy", "urllib3", "httpx", "httpcore", "scrapy", "twisted", "apscheduler", "asyncio", "alembic")


class Redacting(logging.Formatter):
    """Plain text without secrets and control characters."""

    def format(self, record: logging.LogRecord) -> str:
        """Escape each line and blot out what looks like a credential."""
        text = SECRET.sub(lambda m: f"{m.group(1) or m.group(2)} [redacted]", super().format(record))
        return "\n".join(plain(line) for line in text.splitlines())


def start_log(level: str) -> None:
    """Log to standard error."""
    if level.upper() not in logging.getLevelNamesMapping():
        raise BadSettings(f"FALSETTO_LOG_LEVEL: not a level: {level!r}")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))


@contextmanager
def store(settings: Settings) -> Iterator[Engine]:
    """Open the store, brought up to date."""
    url = settings.database_url.get_secret_value()
    upgrade(url)
    engine = open_database(url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def reading(settings: Settings) -> Iterator[Engine]:
    """Open the store for a command that only reads: nothing is migrated, made or locked."""
    engine = open_to_read(settings.database_url.get_secret_value())
    try:
        check(engine)
        yield engine
    finally:
        engine.dispose()


def enabled(settings: Settings, only: Sequence[str] = ()) -> dict[str, type[Platform]]:
    """Load the enabled platforms, or a part of them; without any, say which there are and what each needs."""
    for name in only:
        if name not in platform_names():
            raise BadInput(f"unknown platform {name!r}; known: {', '.join(platform_names())}")
        if name not in settings.platforms:
            raise BadSettings(f"platform {name!r} is not named in FALSETTO_PLATFORMS")
    names = list(only) or list(settings.platforms)
    if not names:
        raise BadSettings("no platform is named in FALSETTO_PLATFORMS; there are:\n" + "\n".join(offers()))
    chosen = {name: platform(name) for name in names}
    for name, cls in chosen.items():
        if settings.asks_real_hosts(name) and not settings.contact:
            raise BadSettings(f"FALSETTO_CONTACT is empty: {cls.title} must be able to reach whoever asks it")
        access = settings.access(name)
        _check_words(name, cls, access)
        missing = [word for word in cls.needs if not access.credentials.get(word)]
        if missing:
            wanted = ", ".join(f"FALSETTO_{name.upper()}_{word.upper()}" for word in missing)
            raise BadSettings(f"{cls.title} is off: it needs {wanted}")
    return chosen


def _check_words(name: str, cls: type[Platform], access: Access) -> None:
    """Refuse words that the platform doesn't know: a mistyped one would silently mean the default."""
    start = f"FALSETTO_{name.upper()}_"
    known = [*cls.needs, *cls.may_use, "base_url", "market", "canary", *(["capability"] if cls.capabilities else [])]
    unknown = [word for word in access.credentials if word not in known]
    if access.capability and not cls.capabilities:
        unknown.append("capability")
    if unknown:
        raise BadSettings(f"{start}{unknown[0].upper()}: unknown setting; known: {', '.join(map(str.upper, known))}")
    if access.capability and access.capability not in cls.capabilities:
        raise BadSettings(
            f"{start}CAPABILITY: one of {', '.join(cls.capabilities)} was expected, got {access.capability!r}"
        )


def offers() -> list[str]:
    """Describe each platform in two lines: what it needs, and what its terms say."""
    lines = []
    for name, cls in sorted(platforms().items()):
        needs = ", ".join(f"FALSETTO_{name.upper()}_{word.upper()}" for word in cls.needs) or "no key"
        lines += [f"  {name}: {cls.title}; needs {needs}", f"    terms: {cls.terms}"]
    return lines


def prepared(log: bool = True) -> Settings:
    """Read the settings and start the log."""
    settings = read_settings()
    if log:
        start_log(settings.log_level)
        for name in unknown_settings():
            logging.getLogger(__name__).warning("%s is no setting of Falsetto's, and changes nothing", name)
    return settings
