"""Waves: events that one hand seems to have made, over several artists, joined by ties that are kept and shown. Pure.

No list of names is shipped: a tie is a value that two events share, weighed down by how many unrelated acts use it. A
tie alone joins when it is worth enough; the same hours, country or roster tag only strengthen a tie that exists.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from math import fsum, log2

from crawler.suspicion.score import Judged, Part, raised
from crawler.suspicion.signal import FIRED, weigh
from crawler.suspicion.weights import WEIGHTS

JOINS = 3.0  # bits of ties that make two events one wave
HUB = 10.0  # so many unrelated acts on a value halve its tie
CROWD = 200  # a value on so many events of one evening is a store's, not an operator's
LATELY = timedelta(days=30)
SAME_HOURS = timedelta(hours=6)
RUN = 40  # recordings or barcodes apart that still look like one delivery
NAMED_ALIKE, LETTERS = 4, 4  # so many names that begin with the same letters
MOST_ARTISTS = 8  # artists that raise a member further


@dataclass(frozen=True, slots=True)
class Member:
    """A case as campaigns look at it; what is home for its artist is left out by the caller."""

    case: int
    artist: int
    seen_at: datetime
    bits: float
    confirmed: bool = False
    lines: frozenset[str] = frozenset()  # folded label and rights lines
    isrcs: frozenset[str] = frozenset()
    gtins: frozenset[str] = frozenset()
    covers: frozenset[str] = frozenset()
    writers: frozenset[str] = frozenset()  # folded
    images: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()  # folded names of strange pages and titles
    country: str | None = None
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, order=True)
class Bond:
    """One value that two cases share, and how much it ties them."""

    what: str  # line, registrant, code_run, cover, writer, image, naming, hours, country, tag
    value: str
    bits: float


@dataclass(frozen=True, slots=True)
class Tied:
    """Two cases and what ties them."""

    a: int
    b: int
    bonds: tuple[Bond, ...]

    @property
    def bits(self) -> float:
        """Add up what ties them."""
        return round(fsum(bond.bits for bond in self.bonds), 3)


@dataclass(frozen=True, slots=True)
class Campaign:
    """Cases that hang together, by what."""

    key: str  # its first case: stable while that stays in
    members: frozenset[int]
    artists: frozenset[int]
    ties: tuple[Tied, ...]
    confirmed: bool
    first_seen_at: datetime
    last_seen_at: datetime

    @property
    def values(self) -> tuple[tuple[str, str, int], ...]:
        """List what its ties rest on, with how many ties rest on it, the most frequent first."""
        counted: dict[tuple[str, str], int] = defaultdict(int)
        for tied in self.ties:
            for bond in tied.bonds:
                counted[bond.what, bond.value] += 1
        ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
        return tuple((what, value, count) for (what, value), count in ranked)


def campaigns(
    members: Iterable[Member],
    spread: Mapping[tuple[str, str], int] | None = None,
    cuts: Collection[frozenset[int]] = (),
) -> tuple[Campaign, ...]:
    """Join cases into waves; `spread` tells how many acts of the whole store use a value, `cuts` what was parted."""
    known = {member.case: member for member in members}
    ties = [
        tied
        for a, b in _pairs(known.values())
        if frozenset({a, b}) not in cuts and (tied := tie(known[a], known[b], spread or {})).bits >= JOINS
    ]
    ties += [t for t in _naming(known.values(), ties) if frozenset({t.a, t.b}) not in cuts]
    root = {case: case for case in known}

    def find(case: int) -> int:
        while root[case] != case:
            root[case] = root[root[case]]
            case = root[case]
        return case

    for tied in ties:
        low, high = sorted((find(tied.a), find(tied.b)))
        root[high] = low
    joined: dict[int, list[int]] = defaultdict(list)
    for case in known:
        joined[find(case)].append(case)
    return tuple(
        _campaign([known[case] for case in sorted(cases)], [t for t in ties if t.a in set(cases)])
        for _, cases in sorted(joined.items())
        if len(cases) > 1
    )


def tie(a: Member, b: Member, spread: Mapping[tuple[str, str], int]) -> Tied:
    """Weigh what two cases share."""
    if b.case < a.case:
        a, b = b, a
    if abs(a.seen_at - b.seen_at) > LATELY:
        return Tied(a.case, b.case, ())
    bonds = [
        _bond(what, value, spread)
        for what, mine, theirs in (
            ("line", a.lines, b.lines),
            ("cover", a.covers, b.covers),
            ("writer", a.writers, b.writers),
            ("image", a.images, b.images),
        )
        for value in sorted(mine & theirs)
    ]
    run = _code_run(a, b)
    if run:
        bonds.append(Bond("code_run", run, WEIGHTS["bond.code_run"].bits))
    else:
        codes = sorted({i[:5] for i in a.isrcs} & {i[:5] for i in b.isrcs})
        bonds += [_bond("registrant", code, spread) for code in codes[:1]]
    if bonds:
        bonds += _circumstances(a, b)
    return Tied(a.case, b.case, tuple(sorted(bonds)))


def raise_members(judged: Mapping[int, Judged], wave: Campaign, cut: float | None = None) -> dict[int, Judged]:
    """Raise each member by the company it keeps; what its own ties already say is not said twice."""
    others = min(MOST_ARTISTS, len(wave.artists))
    due = WEIGHTS["campaign.company"].bits * log2(others) if others > 1 else 0.0
    found = {}
    for case in sorted(wave.members & judged.keys()):
        said = fsum(p.bits for p in judged[case].parts if p.signal.startswith("shared_") and p.bits > 0)
        rest = max(0.0, due - said)
        weights = [weigh("campaign.company", f"{len(wave.artists)} artists", rest / WEIGHTS["campaign.company"].bits)]
        if wave.confirmed:
            weights.append(weigh("campaign.confirmed", "a member was confirmed"))
        shown = ", ".join(f"{what} {value}" for what, value, _ in wave.values[:3])
        part = Part(
            signal="campaign",
            reason="It belongs to a wave that one hand seems to have made.",
            state=FIRED,
            bits=round(fsum(w.bits for w in weights), 3),
            because=f"{len(wave.members)} cases of {len(wave.artists)} artists, tied by {shown}",
            weights=tuple(weights),
        )
        found[case] = raised(judged[case], part, cut)
    return found


def _pairs(members: Iterable[Member]) -> list[tuple[int, int]]:
    """Find the pairs that share any value; values of a crowd tie nobody."""
    sharing: dict[tuple[str, str], set[int]] = defaultdict(set)
    for m in members:
        for what, values in (("l", m.lines), ("c", m.covers), ("w", m.writers), ("i", m.images)):
            for value in values:
                sharing[what, value].add(m.case)
        for code in m.isrcs:
            sharing["r", code[:5]].add(m.case)
        for gtin in m.gtins:
            sharing["g", gtin[:9]].add(m.case)
    pairs = {pair for cases in sharing.values() if len(cases) <= CROWD for pair in combinations(sorted(cases), 2)}
    return sorted(pairs)


def _bond(what: str, value: str, spread: Mapping[tuple[str, str], int]) -> Bond:
    users = spread.get((what, value), 0)
    return Bond(what, value, round(WEIGHTS[f"bond.{what}"].bits / (1 + users / HUB), 3))


def _code_run(a: Member, b: Member) -> str:
    """Quote two codes that follow on each other closely."""
    if a.artist == b.artist:
        return ""
    for mine, theirs, head in ((a.isrcs, b.isrcs, 7), (a.gtins, b.gtins, 8)):
        last = 12 if head == 7 else 13  # a barcode ends in its check digit
        ordered = sorted({(code[:head], int(code[head:last]), code, code in mine) for code in mine ^ theirs})
        for low, high in pairwise(ordered):
            if low[0] == high[0] and low[3] != high[3] and high[1] - low[1] <= RUN:
                return f"{low[2]}, {high[2]}"
    return ""


def _circumstances(a: Member, b: Member) -> list[Bond]:
    bonds = []
    if abs(a.seen_at - b.seen_at) <= SAME_HOURS:
        bonds.append(Bond("hours", f"{min(a.seen_at, b.seen_at):%Y-%m-%d %H}h", WEIGHTS["bond.hours"].bits))
    if a.country and a.country == b.country:
        bonds.append(Bond("country", a.country, WEIGHTS["bond.country"].bits))
    bonds += [Bond("tag", tag, WEIGHTS["bond.tag"].bits) for tag in sorted(a.tags & b.tags)[:1]]
    return bonds


def _naming(members: Iterable[Member], ties: Sequence[Tied]) -> list[Tied]:
    """Tie names that follow on each other like a dictionary within hours, on pages of different artists."""
    by_start: dict[str, list[tuple[str, Member]]] = defaultdict(list)
    for m in members:
        for name in m.names:
            if len(name) > LETTERS:
                by_start[name[:LETTERS]].append((name, m))
    joined = {(t.a, t.b) for t in ties}
    found = []
    for start, named in sorted(by_start.items()):
        if len({name for name, _ in named}) < NAMED_ALIKE or len({m.case for _, m in named}) < NAMED_ALIKE:
            continue
        ordered = sorted(named, key=lambda pair: (pair[0], pair[1].case))
        for (one, a), (other, b) in pairwise(ordered):
            low, high = sorted((a.case, b.case))
            if low == high or (low, high) in joined or abs(a.seen_at - b.seen_at) > LATELY:
                continue
            bond = Bond("naming", f"{start}...: {one}, {other}", WEIGHTS["bond.naming"].bits)
            found.append(Tied(low, high, (bond,)))
    return found


def _campaign(members: list[Member], ties: list[Tied]) -> Campaign:
    seen = sorted(m.seen_at for m in members)
    return Campaign(
        key=f"campaign:{members[0].case}",
        members=frozenset(m.case for m in members),
        artists=frozenset(m.artist for m in members),
        ties=tuple(sorted(ties, key=lambda t: (t.a, t.b, t.bonds))),
        confirmed=any(m.confirmed for m in members),
        first_seen_at=seen[0],
        last_seen_at=seen[-1],
    )
