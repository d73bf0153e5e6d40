"""A sandbox's world judged without a crawl: what a perfect look at every official page would have handed to judgement.

`python -m benchmarks.judgement.offline [--seeds 71 72] [--scale 6] [--attacks 90] [--days 60]` says which classes of
attacks and which natures of innocent arrivals stand where. Release events on official pages only; pages that go by a
name need a crawl. Weights were learnt on seeds from 71 on; the whole system is measured on others.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from benchmarks.judgement.separation import area
from benchmarks.judgement.surroundings import values_of
from benchmarks.judgement.worlds import SILENT
from crawler.suspicion.grouping import folded_title
from crawler.suspicion.history import History
from crawler.suspicion.score import Judged, judge
from crawler.suspicion.traits import traits_of
from sandbox.generate import GeneratedWorld
from sandbox.planted.programme import Staging
from sandbox.world import STORES, Act, Release, World, at, tracks_at
from storage.facts.values import Artist, Credit, Event, Finding, Line, Page, Shared, Shown, Spread, Surroundings, Track
from storage.normalize import claimed_date, gtin14, isrc, line_key, name_key, title_key

START = datetime(2026, 3, 2, tzinfo=UTC)
WINDOW = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A release on an artist's official pages: since when, and what it shows."""

    act: int
    release: Release
    since: float
    pages: tuple[tuple[str, str, str], ...]  # platform, profile id, release id
    shown: Shown


@dataclass(frozen=True, slots=True)
class Judgement:
    """One judged arrival with what the world says it is."""

    label: str
    attack: bool
    planted: bool
    judged: Judged
    shown: Shown
    event: str


def main() -> int:
    """Judge the arrivals of some worlds and print where they stand."""
    asked = argparse.ArgumentParser(prog="benchmarks.judgement.offline")
    asked.add_argument("--seeds", type=int, nargs="*", default=[71])
    asked.add_argument("--scale", type=float, default=6.0)
    asked.add_argument("--attacks", type=int, default=90)
    asked.add_argument("--days", type=float, default=60.0)
    told = asked.parse_args()
    for seed in told.seeds:
        staging = Staging(attacks=told.attacks, days=told.days)
        world = GeneratedWorld(seed, told.scale, START.timestamp(), staging)
        found = list(judged_arrivals(world, told.days))
        weeks = len(list(world.roster())) * told.days / 7
        print(f"seed {seed}: {len(found)} arrivals on official pages, {weeks:.0f} artist-weeks")
        report(found, weeks)
    return 0


def report(found: Sequence[Judgement], weeks: float) -> None:
    """Print recall at budgets, and where each class and nature stands."""
    attacks: dict[str, float] = {}
    for one in found:
        if one.attack:
            attacks[one.event] = max(attacks.get(one.event, SILENT), one.judged.bits)
    twins = [one.judged.bits for one in found if one.planted and not one.attack]
    wrong = sorted((one.judged.bits for one in found if not one.attack), reverse=True)
    for budget in (1.0, 3.0):
        cut = wrong[min(len(wrong) - 1, int(budget * weeks / 100))]
        recall = sum(bits > cut for bits in attacks.values()) / max(1, len(attacks))
        print(
            f"  {budget:g} false alerts per 100 artists and week: cut {cut:.2f}, recall {recall:.3f} of {len(attacks)}"
        )
    print(f"  area against all innocent arrivals {area(wrong, list(attacks.values())):.4f}; against twins "
          f"{area(twins, list(attacks.values())) if twins else 1:.4f}")  # fmt: skip
    by_label: dict[tuple[bool, str], list[Judged]] = defaultdict(list)
    for one in found:
        by_label[one.attack, one.label].append(one.judged)
    for (attack, label), judged in sorted(by_label.items()):
        bits = sorted(j.bits for j in judged)
        cases = sum(j.opens for j in judged)
        print(f"  {'ATTACK' if attack else 'honest'} {label:22s} {len(bits):4d}: cases {cases:4d}, "
              f"bits {bits[0]:6.1f} {bits[len(bits) // 2]:6.1f} {bits[-1]:6.1f}")  # fmt: skip


def judged_arrivals(world: World, days: float) -> Iterator[Judgement]:
    """Judge everything that arrived on official pages within some days."""
    end = START.timestamp() + days * 86400
    planted = {(b.platform, b.release): p for p in world.planted() for b in p.bindings if b.release}
    by_act: dict[int, list[Arrived]] = {}
    users: dict[tuple[str, str], set[int]] = defaultdict(set)
    rows = {row.act: row for row in world.roster()}
    for row in rows.values():
        act = world.act(row.act)
        by_act[act.n] = arrived(world, act, end, rows.keys())
        for one in by_act[act.n]:
            for value in values_of(one.shown) | _tying(one.shown):
                users[value].add(act.n)
    homes = {n: frozenset(_lines_before(found)) for n, found in by_act.items()}
    news = [one for found in by_act.values() for one in found if one.since > START.timestamp()]
    news_by: dict[tuple[str, str], list[Arrived]] = defaultdict(list)
    for one in news:
        for value in _tying(one.shown):
            news_by[value].append(one)
    for act_n, found in by_act.items():
        act = world.act(act_n)
        row = rows[act_n]
        artist = Artist(
            act.n + 1, act.name, act.aliases, act.country,
            home_labels=frozenset(map(line_key, row.labels)), home_prefixes=frozenset(row.isrc_prefixes),
        )  # fmt: skip
        history = History.of(artist, ())
        past: list[Shown] = []
        for one in sorted(found, key=lambda o: (o.since, o.release.n)):
            if one.since > START.timestamp():
                event = planted.get(next(((p, r) for p, _, r in one.pages if (p, r) in planted), ("", "")))
                around = Surroundings(
                    len(by_act),
                    tuple(Spread(w, v, len(users[w, v] - {act_n})) for w, v in sorted(values_of(one.shown))),
                    homes_of(one.shown, artist.id, homes),
                )
                judged = judge(_event(artist, one, tuple(past), around, _shared(one, news_by, users), by_act), history)
                label = event.kind if event else one.release.nature or one.shown.role
                yield Judgement(label, bool(event and event.attack), event is not None, judged, one.shown,
                                event.id if event else one.release.key)  # fmt: skip
                if event and event.attack:
                    continue
            past.append(replace(one.shown, news=False))
            history.add(traits_of(one.shown, artist, history.names))


def arrived(world: World, act: Act, end: float, watched: Container[int]) -> list[Arrived]:
    """List what stood on an act's pages until a time, each with the day on which it came."""
    found = []
    for release in world.listings(act.n):
        pages, since = [], []
        for platform in STORES:
            entry, profile = release.on.get(platform), act.profiles.get(platform)
            if entry is None or profile is None:
                continue
            for credit in release.credits:
                if credit.act == act.n and (credit.platforms is None or platform in credit.platforms):
                    came = max(entry.since, credit.since)
                    if came < min(end, entry.until, credit.until):
                        pages.append((platform, profile.id, entry.id))
                        since.append(came)
                        break
        if pages:
            first = min(since)
            role = "own" if any(c.act == act.n and c.role == "main" for c in release.credits) else "appears_on"
            one = shown_of(world, release, first, role, watched)
            found.append(Arrived(act.n, release, first, tuple(pages), one))
    return found


def shown_of(world: World, release: Release, since: float, role: str, watched: Container[int]) -> Shown:
    """Describe a release as a whole look would."""
    moment = max(since, START.timestamp() - 86400)
    release = at(release, moment + 86400)
    tracks = tuple(
        Track(t.title, title_key(t.title), t.version or None, t.duration_ms, isrc(t.isrc))
        for t in tracks_at(world, release, moment + 86400)
    )
    credits = {(c.act, c.role): c for c in (*release.credits, *(c for t in world.tracks(release) for c in t.credits))}
    names = [(c.printed or world.act(c.act).name, c.role, c.act) for c in credits.values()]
    writers = {w for t in world.tracks(release) for w in t.writers}
    dated = claimed_date(release.date)
    return Shown(
        group_id=release.n,
        title=release.title,
        keys=frozenset({folded_title(release.title)}),
        kind=release.kind,
        role=role,
        date=dated.date if dated.precision == "day" else None,
        year=dated.date.year if dated.date else None,
        first_seen_at=datetime.fromtimestamp(max(since, START.timestamp() - 86400), UTC),
        news=since > START.timestamp(),
        platforms=frozenset(release.on) & set(STORES),
        lines=tuple(
            Line(k, v, line_key(v))
            for k, v in (("label", release.label), ("p", release.p_line), ("c", release.c_line))
            if v
        ),
        isrcs=frozenset(t.isrc for t in tracks if t.isrc),
        gtins=frozenset(filter(None, [gtin14(release.upc)])),
        credits=(
            *(Credit(name, name_key(name), role, artist_id=n + 1 if n in watched else None) for name, role, n in names),
            *(Credit(w, name_key(w), "composer") for w in sorted(writers)),
        ),
        tracks=tracks,
        genres=frozenset({release.genre} - {""}),
        covers=frozenset({release.cover} - {""}),
        explicit=release.explicit,
    )


def homes_of(shown: Shown, artist_id: int, homes: Mapping[int, frozenset[str]]) -> frozenset[str]:
    """List the lines that were home before to other monitored artists who are credited on it."""
    others = {c.artist_id for c in shown.credits if c.artist_id not in (None, artist_id)}
    known = frozenset[str]().union(*(homes.get(other - 1, frozenset()) for other in others if other is not None))
    return frozenset(line.key for line in shown.lines) & known


def _lines_before(found: Sequence[Arrived]) -> Iterator[str]:
    for one in found:
        if one.since <= START.timestamp():
            yield from (line.key for line in one.shown.lines)


def _tying(shown: Shown) -> set[tuple[str, str]]:
    return {
        *(("line", line.key) for line in shown.lines),
        *(("registrant", code[:5]) for code in shown.isrcs),
        *(("cover", cover) for cover in shown.covers),
        *(("writer", c.key) for c in shown.credits if c.role == "composer"),
    }


def _shared(
    one: Arrived, news: dict[tuple[str, str], list[Arrived]], users: dict[tuple[str, str], set[int]]
) -> tuple[Shared, ...]:
    found = []
    for what, value in sorted(_tying(one.shown)):
        others = [o for o in news[what, value] if o.act != one.act and o.release.n != one.release.n and _lately(o, one)]
        if others:
            found.append(
                Shared(what, value, frozenset(o.act for o in others), frozenset(o.release.n for o in others),
                       len(users[what, value]), (one.since - min(o.since for o in others)) / 86400)
            )  # fmt: skip
    return tuple(found)


def _lately(other: Arrived, one: Arrived) -> bool:
    return 0 <= one.since - other.since <= WINDOW.total_seconds()


def _event(
    artist: Artist, one: Arrived, past: tuple[Shown, ...], around: Surroundings, shared: tuple[Shared, ...],
    by_act: dict[int, list[Arrived]],
) -> Event:  # fmt: skip
    role = "listed" if one.shown.role == "own" else "appears_on"
    findings = tuple(
        Finding(Page(artist.id, platform, profile, artist.name, standing="official"), 1, release, one.shown.title,
                role, None, one.shown.first_seen_at)
        for platform, profile, release in one.pages
    )  # fmt: skip
    watched = frozenset(platform for o in by_act[artist.id - 1] for platform, _, _ in o.pages)
    later = one.shown.first_seen_at + timedelta(days=6)
    return Event("release", artist, findings, one.shown, past=past, surroundings=around, shared=shared,
                 watched_platforms=watched, at=later)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
