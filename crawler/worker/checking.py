"""One cheap question to each platform, and what its answer means for the operator.

The question goes out within the store's own budgets, and what is heard goes to a store of its own that nobody keeps.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from crawler.settings import Settings
from crawler.worker.reactor import Stop
from crawler.worker.worker import Plan, Worker
from spiders.base.platform import Access, Platform
from storage import budgets, frontier
from storage.database import writing
from storage.facts.platforms import canary, first_look, said_fields
from storage.frontier import Wanted
from storage.observations import Outcome
from storage.targets import Ask, Target

NAME = "Ada Quill"  # searched for where no page of the platform is known
AHEAD_S = 5.0
FINE = (Outcome.COMPLETE, Outcome.PARTIAL, Outcome.ABSENT, Outcome.BLIND)
GENERAL = {
    "HTTP 401": "the credential is not accepted: compare it with the platform's console",
    "HTTP 403": "this credential, or this address, may not ask: look at the platform's console and its terms",
    "HTTP 407": "a proxy stands in between and wants to know who asks",
    "redirect": "the base URL leads elsewhere: is it right?",
    "base URL": "is the base URL right?",
    "it needs": "set what it needs",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What a platform answered, and what to do about it."""

    platform: str
    fine: bool
    said: str
    remedy: str = ""


def question(connection: Connection, cls: type[Platform], access: Access) -> Target | None:
    """Choose the cheapest question: the page that is known for longest, or else a name; None where neither can be."""
    market = access.market if cls.has_markets else ""
    known = canary(connection, cls.name) or (canary(connection, cls.pages_of) if cls.pages_of else None)
    ask = next((ask for ask in (Ask.PROFILE, Ask.SEARCH, Ask.RELEASES) if ask in cls.accepts), None)
    if ask is Ask.PROFILE and known is None and Ask.SEARCH in cls.accepts:
        ask = Ask.SEARCH
    subject = NAME if ask is Ask.SEARCH else known
    if ask is None or subject is None:
        return None
    return Target(cls.name, ask, subject, cls.sections[0] if ask is Ask.RELEASES else "", market=market)


def silent(kept: Connection, scratch: Connection, asked: Target) -> list[str]:
    """Name the fields that a page was known to say and says no longer: an API may lose one without a word."""
    if asked.ask is not Ask.PROFILE:
        return []
    now = said_fields(scratch, asked.platform, asked.subject)
    return sorted(said_fields(kept, asked.platform, asked.subject) - now) if now else []


def slot(
    connection: Connection, cls: type[Platform], access: Access, egress: str, asked: Target, now: float
) -> Checked | float:
    """Reserve the call in the store's budget: the moment at which it may go out, or why none may."""
    bucket, holder = cls.bucket(asked.ask), cls.holder(access, egress)
    limits = cls.limits_for(access)
    bucket = bucket if bucket in limits else ""
    given = budgets.reserve(connection, cls.name, bucket, holder, limits[bucket], now=now, want=1, ahead_s=AHEAD_S)
    if given.slots:
        return given.slots[0]
    if given.busy:
        return given.not_before
    why = next((p.reason for p in budgets.pauses(connection, cls.name, now) if p.bucket == bucket), given.reason)
    until = datetime.fromtimestamp(min(given.not_before, 4e9), UTC).isoformat(timespec="minutes")
    lift = f"wait, or lift it: falsetto platforms unpark {cls.name}"
    return Checked(cls.name, False, f"rests until {until}: {why}", lift)


async def check(
    settings: Settings, kept: Engine, scratch: Engine, platforms: Mapping[str, type[Platform]], stops: list[Stop]
) -> list[Checked]:
    """Ask each platform once, and say what it answered."""
    time = settings.clock()
    found: dict[str, Checked] = {}
    canaries: dict[str, Target] = {}
    with writing(kept) as connection, writing(scratch) as other:
        for name, cls in platforms.items():
            access = settings.access(name)
            missing = [word for word in cls.needs if not access.credentials.get(word)]
            if missing:
                wanted = ", ".join(f"FALSETTO_{name.upper()}_{word.upper()}" for word in missing)
                found[name] = Checked(name, False, "has no credentials", f"set {wanted}")
                continue
            asked = question(connection, cls, access)
            if asked is None:
                remedy = "run `falsetto roster resolve` first, so that a page of it is known"
                found[name] = Checked(name, False, "there is nothing to ask it about yet", remedy)
                continue
            canaries[name] = asked
            moment = slot(connection, cls, access, settings.egress, asked, time.seconds())
            if isinstance(moment, Checked):
                found[name] = moment
                continue
            budgets.pace(other, name, cls.bucket(asked.ask), cls.holder(access, settings.egress), moment)
            frontier.want(other, [Wanted(asked, time.now())], time.now())
    able = {name: cls for name, cls in platforms.items() if name not in found}
    if able:
        worker = Worker(settings, scratch, able, Plan(once=True, enrol=False), time)
        stops.append(worker.stop)
        await worker.work()
        with scratch.connect() as connection, kept.connect() as before:
            for name, cls in able.items():
                found[name] = heard(connection, cls)
                gone = silent(before, connection, canaries[name]) if found[name].fine else []
                if gone:
                    said = f"answers, but {canaries[name].subject} no longer says: {', '.join(gone)}"
                    found[name] = Checked(
                        name, False, said, "ask again later; if other pages lost it too, the API changed"
                    )
    return [found[name] for name in platforms]


def heard(connection: Connection, cls: type[Platform]) -> Checked:
    """Read what a platform's one look brought."""
    found = first_look(connection, cls.name)
    if found is None:
        return Checked(cls.name, False, "was not asked", "the command was stopped, or it takes too long: try again")
    return told(cls, Outcome(found[0]), found[1])


def told(cls: type[Platform], outcome: Outcome, reason: str) -> Checked:
    """Put an outcome into words that a person can act on."""
    if outcome in FINE:
        return Checked(cls.name, True, "answers")
    remedies = (*cls.remedies.items(), *GENERAL.items())
    remedy = next((words for pattern, words in remedies if re.search(pattern, reason)), "")
    match outcome:
        case Outcome.THROTTLED:
            return Checked(cls.name, False, f"says not now: {reason}", remedy or "wait: it is asked again by itself")
        case Outcome.REFUSED:
            return Checked(cls.name, False, f"refuses: {reason}", remedy or "read its terms and its console")
        case Outcome.MALFORMED:
            words = "its API has changed, or the base URL leads elsewhere: see `falsetto status`"
            return Checked(cls.name, False, f"answers in a shape that is not known: {reason}", remedy or words)
        case _:
            words = "is the network up, and its host reachable?"
            return Checked(cls.name, False, f"does not answer: {reason}", remedy or words)
