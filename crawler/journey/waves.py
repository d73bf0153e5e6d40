"""Campaigns over the open cases: found anew at every sweep, kept with their ties, and raising their members."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from crawler.suspicion.campaigns import LATELY, Campaign, Member, campaigns
from storage import campaigns as kept
from storage import judging_queue
from storage.facts import hubs
from storage.facts.artists import artists
from storage.facts.members import Suspect, suspects, together
from storage.facts.values import Artist

Waves = dict[int, Campaign]  # case -> the wave that it belongs to
WINDOW = 2 * LATELY


@dataclass(frozen=True, slots=True)
class Found:
    """What one look over the open cases saw."""

    artist_of: Mapping[int, int]  # case -> artist, of every case that was looked at
    waves: Waves


def find(connection: Connection, at: datetime) -> Found:
    """Find the waves among the open cases. Reads only: the longest part of a sweep holds no writer up."""
    found = suspects(connection, at - WINDOW)
    artist_of = {one.case: one.artist for one in found}
    if len(found) < 2:
        return Found(artist_of, {})
    who = artists(connection, {one.artist for one in found})
    members = (_member(one, who) for one in found)
    apart = hubs.parted(connection, artist_of) | together(connection, found)
    waves = campaigns(members, hubs.spread(connection, found), apart)
    return Found(artist_of, {case: wave for wave in waves for case in wave.members if len(wave.artists) > 1})


def keep(connection: Connection, found: Found, before: Waves, at: datetime) -> None:
    """Keep the waves, and queue for judgement the artists whose cases are in another company now."""
    left = kept.leave(connection, found.artist_of.keys() - found.waves.keys(), found.artist_of, LATELY)
    taken: list[int] = []
    for wave in dict.fromkeys(found.waves.values()):
        ties = [f"{what}: {value} ({count})" for what, value, count in wave.values]
        taken.append(kept.join(connection, sorted(wave.members), wave.key, ties, at, taken))
    moved = {
        artist for case, artist in found.artist_of.items() if _company(found.waves, case) != _company(before, case)
    }
    moved |= {found.artist_of[case] for case in left if case in found.artist_of}
    if moved:
        judging_queue.want(connection, moved, "a campaign grew or fell apart", at)


def _company(waves: Waves, case: int) -> tuple[int, bool]:
    """Say what of a wave counts for its members: how many artists it has, and whether one was confirmed."""
    wave = waves.get(case)
    return (0, False) if wave is None else (len(wave.artists), wave.confirmed)


def _member(one: Suspect, who: Mapping[int, Artist]) -> Member:
    known = who.get(one.artist)
    return Member(
        case=one.case,
        artist=one.artist,
        seen_at=one.seen_at,
        bits=one.bits,
        confirmed=one.confirmed,
        lines=frozenset(one.lines),
        isrcs=frozenset(one.isrcs),
        gtins=frozenset(one.gtins),
        covers=frozenset(one.covers),
        writers=frozenset(one.writers.values()),
        images=frozenset(one.images),
        names=frozenset(one.names),
        country=known.country if known else None,
        tags=known.tags if known else frozenset(),
    )
