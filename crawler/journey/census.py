"""The census of an artist's pages: what stood there at the first whole look, most unlike the rest first."""

import json
import logging
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from crawler.feed import candidates
from crawler.journey import decide, gather, latecomers
from crawler.journey.savepoint import in_savepoint
from crawler.journey.surroundings import Acts, of_releases
from crawler.suspicion import census as ranking
from crawler.suspicion.meeting import Names, names_of
from crawler.suspicion.score import judge
from crawler.watching.follow_up import Asking
from spiders.base.platform import platforms
from storage import cases, censuses, judging_queue
from storage.cases import key_of
from storage.censuses import Row
from storage.facts import bindings, concerned, standing_there
from storage.facts import events as facts
from storage.facts.values import Shown
from storage.normalize import name_key

log = logging.getLogger(__name__)

AT_ONCE = 10  # artists in one turn
KEPT = 10  # of each artist's list
NEAR_THE_TOP = 40  # releases about which the whole store and the references are asked


def take(
    connection: Connection,
    artist_id: int,
    asking: Asking,
    names: Names,
    acts: Acts,
    at: datetime,
    memo: facts.Memo | None = None,
) -> list[Row]:
    """Judge everything that stood on and near an artist's pages; the most unlike first."""
    memo = {} if memo is None else memo
    about = facts.known(connection, artist_id, asking.references, memo)
    if about is None:
        return []
    past = about.past
    stood = [one for _, one in sorted(past.items()) if not one.news]
    ranked = _ranked(connection, about, stood, acts, at)
    rows = [
        Row(
            artist_id,
            one.shown.group_id,
            "release",
            one.judged.score,
            one.judged.bits,
            one.shown.title,
            json.dumps(decide.evidence(one.judged), ensure_ascii=False, sort_keys=True),
            decide.RULES,
        )
        for one in ranked
    ]
    met = latecomers.groups_met(connection, artist_id)
    groups = concerned.page_groups_named(connection, {name_key(spelling) for spelling in names.spellings_of(artist_id)})
    pages = {(artist_id, g) for g in (*groups, *met["profile"])}
    near = facts.profile_events(connection, pages, asking.references, at, memo)
    elsewhere = {(artist_id, g) for g in met["release"] if g not in past}
    near += facts.release_events(connection, elsewhere, asking.references, at, memo)
    gather.read(near, names)
    for event in near:
        told = gather.with_names(event, names)
        if not told.resembled or not gather.is_event(told) or any(finding.news for finding in told.findings):
            continue
        (group_id,) = gather.numbered(connection, [told])
        judged = judge(told)
        evidence = json.dumps(decide.evidence(judged), ensure_ascii=False, sort_keys=True)
        title = told.shown.title if told.shown is not None else told.findings[0].page.name
        rows.append(Row(artist_id, group_id, told.kind, judged.score, judged.bits, title, evidence, decide.RULES))
    return sorted(rows, key=lambda row: (-row.bits, row.kind, row.group_id))


def _ranked(
    connection: Connection, about: facts.Known, stood: Sequence[Shown], acts: Acts, at: datetime
) -> Sequence[ranking.Ranked]:
    """Rank what stood there by what it shows and what is claimed; its top by what store and references know as well."""
    who = about.who
    claims = standing_there.claims_of(connection, about, stood)
    top = [one for one in stood if one.role == "own"]
    if len(top) > NEAR_THE_TOP:
        top = [one.shown for one in ranking.census(who, stood, claims=claims, at=at)[:NEAR_THE_TOP]]
    around = of_releases(connection, who.id, top, acts, at)
    references = standing_there.references_of(about, top)
    only = around.keys()
    return ranking.census(who, stood, surroundings=around, claims=claims, references=references, at=at, only=only)


def open_case(connection: Connection, artist_id: int, group_id: int, kind: str, at: datetime) -> int:
    """Open a case on something that stood there already, because a person asked for it; return its number."""
    names = names_of(tuple(row for row in bindings.monitored(connection) if row[0] == artist_id))
    references = frozenset(name for name, cls in platforms().items() if cls.reference)
    gathering = facts.release_events if kind == "release" else facts.profile_events
    (event,) = gathering(connection, {(artist_id, group_id)}, references, at)
    told = gather.with_names(event, names)
    key = key_of(kind, artist_id, group_id)
    before = cases.states(connection, [key]).get(key)
    one = decide.case_of(told, group_id, judge(told), before, at, asked_for=True)
    assert one is not None
    candidates.tell(connection, cases.keep(connection, [one], at), at)
    return cases.states(connection, [key])[key].id


def _keep(connection: Connection, artist_id: int, asking: Asking, names: Names, acts: Acts, at: datetime) -> None:
    censuses.keep(connection, artist_id, take(connection, artist_id, asking, names, acts, at)[:KEPT], at)


def catch_up(connection: Connection, asking: Asking, names: Names, acts: Acts, at: datetime) -> int:
    """Take the census of a few artists whose pages were seen whole; return how many."""
    due = judging_queue.next_census(connection, AT_ONCE)
    for artist_id in due:
        try:
            in_savepoint(connection, partial(_keep, connection, artist_id, asking, names, acts, at))
        except Exception:  # a fault of judgement costs this list alone, and is loud
            log.exception("artist %s: no census", artist_id)
        judging_queue.done_census(connection, artist_id)
    return len(due)
