"""Judges an artist's events again from what the store knows: new rules, new facts, and what could not be judged."""

import logging
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from crawler.journey import decide, gather, grouping, keep, latecomers
from crawler.journey.decide import Decision
from crawler.journey.savepoint import in_savepoint
from crawler.journey.surroundings import Acts, within
from crawler.journey.waves import Waves
from crawler.suspicion.meeting import Names
from crawler.watching.follow_up import Asking
from storage import cases, judging_queue
from storage.facts import appearances as known
from storage.facts import bindings, concerned
from storage.facts import events as facts
from storage.facts.values import Event
from storage.normalize import name_key

log = logging.getLogger(__name__)

AT_ONCE = 25  # artists that one turn takes on: a turn must not hold the writer for long


@dataclass(slots=True)
class Again:
    """Events as they stand now, with their groups and the cases they have."""

    events: list[Event] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    states: dict[str, cases.State] = field(default_factory=dict)


def events_of(
    connection: Connection,
    artist_id: int,
    references: frozenset[str],
    names: Names,
    acts: Acts,
    at: datetime,
    memo: facts.Memo | None = None,
) -> Again:
    """Gather every event against an artist: news on its pages, pages that go by its names, and what has a case."""
    memo = {} if memo is None else memo
    releases = {(artist_id, group) for group in concerned.news_of(connection, artist_id)}
    releases |= {(artist_id, group) for group in concerned.cases_of(connection, artist_id, "release")}
    spellings = names.spellings_of(artist_id)
    pages = {(artist_id, group) for group in concerned.page_groups_named(connection, {name_key(s) for s in spellings})}
    pages |= {(artist_id, group) for group in concerned.cases_of(connection, artist_id, "profile")}
    resembling = latecomers.groups_met(connection, artist_id)
    releases |= concerned.has_news(connection, {(artist_id, group) for group in resembling["release"]})
    pages |= {(artist_id, group) for group in resembling["profile"]}
    again = Again()
    events = facts.release_events(connection, releases, references, at, memo)
    events += facts.profile_events(connection, pages, references, at, memo)
    gather.read(events, names)
    for event in events:
        told = gather.with_names(within(connection, event, acts, at), names)
        if gather.is_event(told):
            again.events.append(told)
    again.groups = gather.numbered(connection, again.events)
    keys = [cases.key_of(e.kind, e.artist.id, g) for e, g in zip(again.events, again.groups, strict=True)]
    again.states = cases.states(connection, keys)
    return again


def rescore(
    connection: Connection,
    artist_id: int,
    asking: Asking,
    names: Names,
    acts: Acts,
    cut: float,
    at: datetime,
    waves: Waves | None = None,
) -> keep.Done:
    """Judge an artist's events again and keep what became of them; doing it twice changes nothing."""
    decision = Decision()
    decision.withdrawn += grouping.group_releases(connection, known.to_group(connection, artist_id), at)
    spellings = {name_key(spelling) for spelling in names.spellings_of(artist_id)}
    decision.withdrawn += grouping.group_names(connection, spellings, at)
    again = events_of(connection, artist_id, asking.references, names, acts, at)
    for event, group_id in zip(again.events, again.groups, strict=True):
        decide.add(decision, event, group_id, again.states, asking, cut, at, waves or {})
    return keep.keep(connection, decision, at)


def catch_up(
    connection: Connection, asking: Asking, names: Names, acts: Acts, cut: float, at: datetime, waves: Waves
) -> keep.Done:
    """Judge again, a few artists at a time, what older rules failed on or what changed without a look."""
    done, around = keep.Done(), (asking, names, acts, cut, at, waves)
    for artist_id in judging_queue.next_artists(connection, decide.RULES, AT_ONCE):
        try:
            one = in_savepoint(connection, partial(rescore, connection, artist_id, *around))
        except Exception as error:  # a fault of judgement: this artist waits for other rules, the others do not
            log.exception("artist %s: could not be judged again", artist_id)
            judging_queue.put_off(connection, artist_id, error, decide.RULES)
            done.failed += 1
            continue
        judging_queue.done(connection, artist_id)
        done.add(one)
        done.artists += 1
    return done


def take_over(connection: Connection, at: datetime) -> int:
    """Queue every watched artist and what stood on their pages, once, when these rules are new to the store."""
    if not judging_queue.takes_over(connection, decide.RULES, at):
        return 0
    watched = [artist_id for artist_id, *_ in bindings.monitored(connection)]
    judging_queue.want(connection, watched, f"rules {decide.RULES}", at)
    judging_queue.want_census(connection, watched, at)
    return len(watched)
