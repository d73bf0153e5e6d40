"""One round of alerts: notice what holds now, then tell each rule's destination what it has not been told.

Noticing and claiming are transactions of their own, and the network is between them: a slow destination holds no lock
and delays no other. What a round can't tell, the next one does.
"""

import logging
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection

from crawler.alerts import digest, seeing, sending, wording
from crawler.alerts.hours import is_quiet, last_daily
from crawler.alerts.values import Concern, Rule, concerns
from crawler.watching.plan import Freshness
from storage import alerts
from storage.alerts import Claimed, Noticed
from storage.facts import loud
from storage.facts.loud import LoudCase

T = TypeVar("T")
Transact = Callable[[Callable[[Connection], T]], T]
Plan = Callable[[Connection, datetime], tuple[Freshness, ...]]
MESSAGES = 10  # in one round, for one rule
AT_A_TIME = 16  # destinations
NOWHERE = "the destination is named in no setting here"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a round needs beside the store."""

    destinations: Mapping[str, str] = field(default_factory=dict)
    enabled: frozenset[str] = frozenset()
    plan: Plan = lambda connection, at: ()
    longest_s: float = sending.LONGEST_S


@dataclass(slots=True)
class Round:
    """What was done."""

    noticed: int = 0
    told: int = 0
    failed: dict[str, str] = field(default_factory=dict)  # rule -> what its destination did


def tell(transact: "Transact[Any]", around: Surroundings, at: datetime, *, trouble: bool = True) -> Round:
    """Run a round; without `trouble` only cases are looked at."""
    done = Round()
    done.noticed = transact(partial(notice, around=around, at=at, trouble=trouble))
    waiting = [rule for rule in transact(_rules) if not _rests(rule, at)]
    for rule, told in _each(waiting, lambda rule: _tell_rule(transact, around, rule, at)):
        if isinstance(told, BaseException):
            raise told
        count, why = told
        done.told += count
        if why:
            done.failed[rule.name] = why
    return done


def _each(rules: Sequence[Rule], work: Callable[[Rule], T]) -> list[tuple[Rule, T | BaseException]]:
    """Work for every rule, many at a time; threads that hang must not keep the process from ending."""
    found: queue.SimpleQueue[tuple[Rule, T | BaseException]] = queue.SimpleQueue()
    turns = threading.Semaphore(AT_A_TIME)

    def run(rule: Rule) -> None:
        with turns:
            try:
                found.put((rule, work(rule)))
            except BaseException as error:  # handed to whoever waits for the results
                found.put((rule, error))

    for rule in rules:
        threading.Thread(target=run, args=(rule,), name="alerts", daemon=True).start()
    return [found.get() for _ in rules]


def notice(connection: Connection, around: Surroundings, at: datetime, trouble: bool) -> int:
    """Keep what holds now for every rule that asks for it, and end what no longer holds; count what is new."""
    rules = _rules(connection)
    if not rules:
        return 0
    muted = alerts.muted(connection, at)
    cases, ties = _loud(connection)
    late = seeing.late_answers(connection, at)
    wrong: list[Concern] = []
    if trouble:
        plans = around.plan(connection, at)
        wrong = seeing.trouble_now(connection, around.enabled, plans, at)
    fresh = 0
    for rule in rules:
        if rule.is_digest:
            fresh += _page(connection, rule, around, at)
            continue
        mine = seeing.of_cases(rule, cases, ties, muted.keys())
        mine += [one for one in (*late, *wrong) if concerns(rule, one) and one.key not in muted]
        fresh += alerts.notice(connection, rule.id, map(seeing.noticed, mine), at)
        keys = alerts.open_keys(connection, rule.id)
        over = seeing.over(connection, keys, {one.key for one in (*late, *wrong)}, trouble)
        alerts.end(connection, rule.id, [key for key, told in over.items() if told], at)
        alerts.end(connection, rule.id, [key for key, told in over.items() if not told], at, told=False)
    return fresh


def start(connection: Connection, rule: Rule, at: datetime) -> int:
    """Take what stands already as known to a new rule, so that it tells only what comes; count it."""
    if rule.is_digest:
        return 0
    cases, ties = _loud(connection)
    mine = map(seeing.noticed, seeing.of_cases(rule, cases, ties, ()))
    return alerts.notice(connection, rule.id, mine, at, silent=True)


def _loud(connection: Connection) -> tuple[list[LoudCase], dict[int, list[str]]]:
    """Read the loud cases, and what ties those of each campaign."""
    cases = loud.loud_cases(connection)
    return cases, loud.ties(connection, {case.campaign_id for case in cases if case.campaign_id is not None})


def _rules(connection: Connection) -> list[Rule]:
    return [seeing.rule_of(row) for row in alerts.rules(connection)]


def _page(connection: Connection, rule: Rule, around: Surroundings, at: datetime) -> int:
    """Write the day's page when its hour has come; of days that were missed, only the last."""
    day, due = last_daily(rule.daily_at, rule.zone, at)
    if due <= rule.made_at:
        return 0
    since = alerts.newest_of(connection, rule.id) or max(rule.made_at, due - digest.DAY)
    key = f"{seeing.PAGE}:{day}"
    if alerts.has(connection, rule.id, key):
        return 0
    page = digest.read(connection, at, since, rule, around.enabled)
    one = Noticed(key, str(day), digest.headline(page), digest.as_text(page, wording.inert))
    return alerts.notice(connection, rule.id, [one], at)


def _rests(rule: Rule, at: datetime) -> bool:
    return is_quiet(rule.quiet_from, rule.quiet_to, rule.zone, at)


def _tell_rule(transact: "Transact[Any]", around: Surroundings, rule: Rule, at: datetime) -> tuple[int, str]:
    """Send what one rule waits for, a few messages at most."""
    told = 0
    for _ in range(MESSAGES):
        claimed = transact(partial(_claim, rule=rule, at=at))
        if claimed is None:
            break
        why = _send(around, rule, claimed)
        if why:
            log.warning("alerts: the destination %r of rule %r failed: %s", rule.destination, rule.name, why)
            transact(partial(alerts.failed, claimed=claimed, trouble=why, at=at))
            return told, why
        transact(partial(alerts.told, claimed=claimed, at=at, is_page=rule.is_digest))
        told += len(claimed.began) + len(claimed.ended)
    return told, ""


def _claim(connection: Connection, rule: Rule, at: datetime) -> Claimed | None:
    muted = alerts.muted(connection, at)
    if f"rule:{rule.name}" in muted:
        return None
    artists = {int(subject.partition(":")[2]) for subject in muted if subject.startswith("artist:")}
    return alerts.claim(connection, rule.id, at, muted.keys() | alerts.of_artists(connection, rule.id, artists))


def _send(around: Surroundings, rule: Rule, claimed: Claimed) -> str:
    url = around.destinations.get(rule.destination)
    if url is None:
        return NOWHERE
    parts = [(row.subject, row.body) for row in claimed.began]
    parts += [
        (f"over: {row.subject}", f"No longer so since {row.ended_at:%Y-%m-%d %H:%M} UTC.") for row in claimed.ended
    ]
    return sending.send(url, *wording.message(parts, claimed.again), around.longest_s)
