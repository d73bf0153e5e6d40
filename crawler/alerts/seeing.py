"""Reads from the store what concerns whom now; judges nothing and sends nothing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from crawler.alerts import wording
from crawler.alerts.trouble import PARKED, STALE_AFTER, Seen, troubles
from crawler.alerts.values import Concern, Rule, concerns
from crawler.watching.plan import Freshness
from storage import canaries, frontier, judging_queue
from storage.alerts import Noticed
from storage.facts import loud
from storage.facts import troubles as facts
from storage.facts.loud import LoudCase

CASE, CAMPAIGN, DEADLINE, PAGE = "case", "campaign", "deadline", "digest"
ABOUT_CASES = (CASE, CAMPAIGN, DEADLINE)


def trouble_now(
    connection: Connection, enabled: Collection[str], plans: Collection[Freshness], at: datetime
) -> list[Concern]:
    """See what is wrong with the crawl."""
    now = frontier.now_of(connection)
    return list(
        troubles(
            Seen(
                at=at,
                enabled=frozenset(enabled),
                at_work=facts.at_work(connection, at, STALE_AFTER),
                workers=[(w.name, w.trouble, now - w.beat_at.timestamp()) for w in frontier.listed(connection)],
                parked=facts.parked(connection, at, PARKED),
                plans=plans,
                unjudged=judging_queue.unjudged(connection),
                silent=canaries.drifts(connection),
            )
        )
    )


def late_answers(connection: Connection, at: datetime) -> list[Concern]:
    """See which reports to platforms are answered late."""
    return [wording.of_late_answer(row) for row in loud.overdue(connection, at)]


def of_cases(
    rule: Rule, cases: Iterable[LoudCase], ties: Mapping[int, list[str]], muted: Collection[str]
) -> list[Concern]:
    """Choose the cases that concern a rule; those of one campaign are one concern."""
    alone, campaigns = [], dict[int, list[LoudCase]]()
    for case in cases:
        one = wording.of_case(case)
        if not concerns(rule, one) or f"artist:{case.artist_id}" in muted or one.key in muted:
            continue
        if case.campaign_id is None:
            alone.append(one)
        else:
            campaigns.setdefault(case.campaign_id, []).append(case)
    return alone + [wording.of_campaign(number, ties.get(number, []), members) for number, members in campaigns.items()]


def noticed(one: Concern) -> Noticed:
    """Hand a concern to the store in its final words."""
    return Noticed(one.key, one.occasion, one.subject, "\n".join(one.lines), one.patience)


def over(connection: Connection, keys: Collection[str], now: Collection[str], with_trouble: bool) -> dict[str, bool]:
    """Map what is no longer so to whether that is worth a word; `now` are the keys of what holds."""
    by_kind: dict[str, set[int]] = {CASE: set(), CAMPAIGN: set()}
    found: dict[str, bool] = {}
    for key in keys:
        kind, _, rest = key.partition(":")
        if kind in by_kind:
            by_kind[kind].add(int(rest))
        elif kind == PAGE or key in now:
            continue
        elif kind == DEADLINE:
            found[key] = False  # answered, or the case is over: whoever did it knows
        elif with_trouble:
            found[key] = True
    stands = loud.statuses(connection, by_kind[CASE])
    for number in by_kind[CASE]:
        status = stands.get(number, "merged")
        if status not in loud.STANDING:
            found[f"{CASE}:{number}"] = status != "merged"
    members = loud.campaign_statuses(connection, by_kind[CAMPAIGN])
    for number in by_kind[CAMPAIGN]:
        if not members.get(number, set()) & set(loud.STANDING):
            found[f"{CAMPAIGN}:{number}"] = number in members
    return found


def rule_of(row: object) -> Rule:
    """Read a rule's row."""
    names = [name for name in Rule.__dataclass_fields__ if name != "artist_id"]
    rule = Rule(**{name: getattr(row, name) for name in names})
    return replace(rule, artist_id=getattr(row, "artist"))  # noqa: B009 -- the column that follows merges
