"""An artist, or an alias, that is added later is met in what is already stored, without a new crawl.

Only the new artists' names are held against the stored names, titles and credits, a piece at a time: what a piece
brought and how far it went are kept in one transaction, and what was met is judged a few events a transaction. What
stood there before the artist was watched is a census; what came after the baseline of a known artist is news.
"""

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from crawler.journey import decide, gather, grouping, keep
from crawler.journey.decide import Decision
from crawler.journey.savepoint import in_savepoint
from crawler.journey.surroundings import Acts, within
from crawler.journey.waves import Waves
from crawler.resemblance import Kind
from crawler.suspicion.meeting import MonitoredName, Names, names_of
from crawler.watching.follow_up import Asking
from storage import cases, groups, judging_queue, latecomers
from storage.facts import concerned
from storage.facts import events as facts
from storage.facts.pages import name_keys
from storage.facts.stored_texts import PIECE, StoredText, piece
from storage.latecomers import Cursor, Met

log = logging.getLogger(__name__)

AT_ONCE = 20  # of what was met, judged in one transaction
READ_AS: Mapping[Kind, tuple[str, ...]] = {"name": ("name", "credit"), "title": ("title",)}

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of what is stored, for the artists who are held against it."""

    turns: Mapping[int, int]  # artist id -> the turn of its reading
    texts: tuple[StoredText, ...]
    behind: Cursor | None  # where to go on; None: that was the end


@dataclass(slots=True)
class Latecomers:
    """Reads on; knows the names of whom it reads for, so that they are indexed once."""

    _names: Names = field(default_factory=Names)

    def read(self, connection: Connection, size: int = PIECE) -> Piece | None:
        """Read the next piece for those who are furthest back; None when nobody waits."""
        first = latecomers.furthest_back(connection)
        if first is None:
            return None
        cursor, turns = first
        behind, texts = piece(connection, cursor, size, latecomers.next_place(connection, cursor))
        return Piece(turns, tuple(texts), behind)

    def meet(self, one: Piece, watched: Mapping[int, MonitoredName], references: Collection[str]) -> list[Met]:
        """Find the artists in a piece's texts; who is watched no longer is met nowhere. Touches no store."""
        rows = {artist_id: watched[artist_id] for artist_id in one.turns if artist_id in watched}
        if rows != self._names.rows:
            self._names = names_of(rows.values())
        self._names.forget()  # the texts of a store come once
        texts = [text for text in one.texts if text.platform not in references]
        found: list[Met] = []
        for kind, mine in READ_AS.items():
            here = [text for text in texts if text.kind in mine]
            met = self._names.met_in((text.text for text in here), kind)
            for text in here:
                for likeness in met.get(text.text, ()):
                    found += _bearers(text, likeness.artist_id, whole=likeness.whole)
        return found


def _bearers(text: StoredText, artist_id: int, *, whole: bool) -> Iterable[Met]:
    """Say what bears a text that meets an artist: a page by its name, a release by its titles and joint credits."""
    if text.profile_id is not None and (text.kind == "name" or whole):
        yield artist_id, "profile", text.profile_id
    elif text.release_id is not None:
        yield artist_id, "release", text.release_id


def keep_piece(connection: Connection, one: Piece, met: Collection[Met], at: datetime) -> None:
    """Keep what a piece brought, and how far the reading is."""
    latecomers.met(connection, met, at)
    latecomers.advance(connection, one.turns, one.behind)


def groups_met(connection: Connection, artist_id: int) -> dict[str, list[int]]:
    """List the groups of all that was stored before an artist's name came and resembles it, by kind of event."""
    releases = groups.group_of(connection, latecomers.met_of(connection, artist_id, "release"))
    pages = groups.profile_group_of(connection, latecomers.met_of(connection, artist_id, "profile"))
    return {"release": sorted(set(releases.values())), "profile": sorted(set(pages.values()))}


def judge(
    connection: Connection, asking: Asking, names: Names, acts: Acts, cut: float, at: datetime, waves: Waves
) -> keep.Done:
    """Judge a little of what was met; what can't be judged is queued with its error and judged by the next rules."""
    met = latecomers.unjudged(connection, AT_ONCE)
    if not met:
        return keep.Done()
    artist_id = met[0][0]
    try:
        done = in_savepoint(connection, partial(_judge, connection, met, asking, names, acts, cut, at, waves))
    except Exception as error:  # a fault of judgement: this artist waits for other rules, the others do not
        if connection.invalidated:
            raise
        log.exception("artist %s: what was met in the store could not be judged", artist_id)
        judging_queue.want(connection, [artist_id], "met in what was stored", at)
        judging_queue.put_off(connection, artist_id, error, decide.RULES)
        done = keep.Done(failed=1)
    latecomers.judged(connection, met, at)
    judging_queue.want_census(connection, [artist_id], at)
    done.artists = 1
    return done


def _judge(
    connection: Connection,
    met: Collection[Met],
    asking: Asking,
    names: Names,
    acts: Acts,
    cut: float,
    at: datetime,
    waves: Waves,
) -> keep.Done:
    decision = Decision()
    page_ids = sorted(row_id for _, kind, row_id in met if kind == "profile")
    decision.withdrawn += grouping.group_names(connection, set(name_keys(connection, page_ids).values()), at)
    group_of = {
        "release": groups.group_of(connection, sorted(row_id for _, kind, row_id in met if kind == "release")),
        "profile": groups.profile_group_of(connection, page_ids),
    }
    pairs: dict[str, set[Pair]] = {"release": set(), "profile": set()}
    for artist_id, kind, row_id in met:
        if artist_id in names.names and row_id in group_of[kind]:
            pairs[kind].add((artist_id, group_of[kind][row_id]))
    wanted = concerned.has_news(connection, pairs["release"])
    wanted |= concerned.with_cases(connection, "release", pairs["release"])
    memo: facts.Memo = {}
    found = facts.release_events(connection, wanted, asking.references, at, memo)
    found += facts.profile_events(connection, pairs["profile"], asking.references, at, memo)
    gather.read(found, names)
    events = [
        told
        for event in found
        if gather.is_event(told := gather.with_names(within(connection, event, acts, at), names))
    ]
    numbers = gather.numbered(connection, events)
    keys = [cases.key_of(e.kind, e.artist.id, g) for e, g in zip(events, numbers, strict=True)]
    states = cases.states(connection, keys)
    for event, group_id in zip(events, numbers, strict=True):
        decide.add(decision, event, group_id, states, asking, cut, at, waves)
    return keep.keep(connection, decision, at)
