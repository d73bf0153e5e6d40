"""Which appearances are one release as a person counts it: ties by barcode, recordings, or artist, title and date.

A barcode names a product: what is delivered under another one is another release (a deluxe edition, a reissue), unless
it bears the same title and date (an explicit and a clean twin, a re-delivery): docs/decisions/0012. A tie looks at two
appearances only and a group at the whole set of ties, so that the order in which appearances came in cannot matter.
What was cut by hand, and what contradicts, never meets in one group: where a chain of ties would join them, the weaker
tie gives way.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from storage.normalize import title_key

Ref = tuple[str, str]  # (platform, release id)
Cut = frozenset[Ref]  # two refs that must never be one release

STRENGTH = {"gtin": 4.0, "isrc": 3.0, "title_date": 2.0, "title_length": 1.5, "title_year": 1.0}
MOST = 0.75  # share of the larger side's recordings that must be the same
NEAR = timedelta(days=1)  # stores turn midnight into dates in their own time zones
SAME_LENGTH_MS = 2_000  # platforms round, and count the silence at the end or not
ALIKE = 0.5  # track counts further apart than this are a single and its album

_STORE_SUFFIX = re.compile(r"\s+-\s+(?:single|ep)\s*$", re.IGNORECASE)
_GUESTS = re.compile(r"\s*[(\[](?:feat|ft|featuring|with)\b\.?[^)\]]*[)\]]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Appearance:
    """One release on one platform, as far as grouping looks at it."""

    platform: str
    platform_id: str
    title: str
    acts: frozenset[str]  # "artist:12": an official page lists it; else "name:" and the folded main credit
    dated: date | None = None
    day: bool = True  # the date is exact to the day
    gtins: frozenset[str] = frozenset()  # GTIN-14
    isrcs: frozenset[str] = frozenset()
    track_count: int | None = None
    kind: str = ""  # album, single, ep, compilation or ""
    line_keys: frozenset[str] = frozenset()  # folded label and rights lines
    lengths: tuple[int, ...] = ()  # of all its tracks in their order, in ms; empty where one is not known

    @property
    def ref(self) -> Ref:
        """Name the appearance the same way whenever it is met."""
        return (self.platform, self.platform_id)


@dataclass(frozen=True, slots=True, order=True)
class Tie:
    """Two appearances that are one release, and on what basis; the lower ref comes first."""

    a: Ref
    b: Ref
    basis: tuple[str, ...]  # strongest first: gtin, isrc, title_date, title_length, title_year
    quote: str  # the values that met

    @property
    def strength(self) -> float:
        """Weigh the tie against others where not all can hold."""
        return sum(STRENGTH[basis] for basis in self.basis)


@dataclass(frozen=True, slots=True)
class Grouped:
    """Groups that cover everything a new appearance reaches, and the ties that hold inside them."""

    groups: tuple[frozenset[Ref], ...]
    ties: tuple[Tie, ...]


def folded_title(title: str) -> str:
    """Fold a title for grouping: a store's " - Single" or " - EP" and guests in brackets go."""
    bare = _GUESTS.sub("", _STORE_SUFFIX.sub("", title))
    return title_key(bare) or title_key(title)


def keys_of(appearance: Appearance) -> frozenset[str]:
    """Name what another appearance must share to be looked at: barcodes, recordings, acts with the title."""
    title = folded_title(appearance.title)
    return frozenset(
        [
            *(f"gtin:{gtin}" for gtin in appearance.gtins),
            *(f"isrc:{isrc}" for isrc in appearance.isrcs),
            *(f"title:{act}|{title}" for act in appearance.acts if title),
        ]
    )


def tie(a: Appearance, b: Appearance) -> Tie | None:
    """Tie two appearances, or say that nothing does."""
    if b.ref < a.ref:
        a, b = b, a
    if a.ref == b.ref or contradict(a, b):
        return None
    found: dict[str, str] = {}
    if both := a.gtins & b.gtins:
        found["gtin"] = min(both)
    if (same := a.isrcs & b.isrcs) and len(same) >= MOST * max(_recordings(a), _recordings(b)):
        found["isrc"] = f"{len(same)} of {max(_recordings(a), _recordings(b))} recordings, {min(same)} ..."
    named = _same_title(a, b)
    if named and not (named == "title_year" and found):
        found[named] = f"{folded_title(a.title)} on {a.dated}, {b.dated}"
    if not found:
        return None
    return Tie(a.ref, b.ref, tuple(found), "; ".join(found.values()))


def contradict(a: Appearance, b: Appearance) -> bool:
    """Tell whether two appearances are two products: other barcodes, and other titles, dates, registrants or lines."""
    if not a.gtins or not b.gtins or a.gtins & b.gtins:
        return False
    if _same_title(a, b) is None:
        return True
    here, there = {isrc[:5] for isrc in a.isrcs}, {isrc[:5] for isrc in b.isrcs}
    if here and there:
        return not here & there
    return bool(a.line_keys) and bool(b.line_keys) and not a.line_keys & b.line_keys


def ties(fresh: Iterable[Appearance], known: Iterable[Appearance] = ()) -> tuple[Tie, ...]:
    """Find every tie among fresh appearances, and between them and known ones that share a key."""
    fresh, known = list(fresh), list(known)
    by_key: dict[str, list[Appearance]] = {}
    for one in (*fresh, *known):
        for key in keys_of(one):
            by_key.setdefault(key, []).append(one)
    wanted = {one.ref for one in fresh}
    pairs: dict[tuple[Ref, Ref], tuple[Appearance, Appearance]] = {}
    for sharing in by_key.values():
        for a, b in combinations(sorted(sharing, key=lambda one: one.ref), 2):
            if a.ref in wanted or b.ref in wanted:
                pairs[a.ref, b.ref] = (a, b)
    return tuple(sorted(found for a, b in pairs.values() if (found := tie(a, b)) is not None))


def grouped(
    appearances: Iterable[Appearance], found: Iterable[Tie], cuts: Collection[Cut] = ()
) -> tuple[frozenset[Ref], ...]:
    """Join what is tied, strongest ties first, and never what was cut or contradicts."""
    members = {one.ref: one for one in appearances}
    group = {ref: {ref} for ref in members}
    apart: dict[Ref, set[Ref]] = {}
    for cut in cuts:
        for ref in cut:
            apart.setdefault(ref, set()).update(cut - {ref})
    for one in sorted(found, key=lambda t: (-t.strength, t.a, t.b)):
        if one.a not in group or one.b not in group or group[one.a] is group[one.b]:
            continue
        left, right = group[one.a], group[one.b]
        if _may_meet(left, right, members, apart):
            left |= right
            for ref in right:
                group[ref] = left
    return tuple(sorted({frozenset(refs) for refs in group.values()}, key=min))


def regroup(
    fresh: Iterable[Appearance], sharing: Callable[[frozenset[str]], Iterable[Appearance]], cuts: Collection[Cut] = ()
) -> Grouped:
    """Group what came in anew together with all that it reaches; `sharing` finds known appearances by their keys.

    The groups replace those that their members were in; everything else stays as it was.
    """
    reached: dict[Ref, Appearance] = {}
    found: dict[tuple[Ref, Ref], Tie] = {}
    border = {one.ref: one for one in fresh}
    while border:
        reached |= border
        near = {one.ref: one for one in sharing(frozenset().union(*map(keys_of, border.values())))}
        met = {(t.a, t.b): t for t in ties(border.values(), (o for ref, o in near.items() if ref not in border))}
        found |= met
        border = {ref: near[ref] for pair in met for ref in pair if ref not in reached}
    held = tuple(sorted(found.values()))
    return Grouped(grouped(reached.values(), held, cuts), held)


def _recordings(one: Appearance) -> int:
    return max(len(one.isrcs), one.track_count or 0)


def _same_title(a: Appearance, b: Appearance) -> str | None:
    """Say by what beside act and title two appearances are one: the day, the lengths of all tracks, or the year."""
    title = folded_title(a.title)
    if not a.acts & b.acts or not title or title != folded_title(b.title) or not _same_size(a, b):
        return None
    exact = a.day and b.day
    if a.dated and b.dated and exact:
        return "title_date" if abs(a.dated - b.dated) <= NEAR else None
    if a.dated and b.dated and a.dated.year != b.dated.year:
        return None
    if a.platform == b.platform:  # a platform that shows two of one name means two
        return None
    if _same_lengths(a, b):
        return "title_length"
    return "title_year" if a.dated and b.dated else None


def _same_lengths(a: Appearance, b: Appearance) -> bool:
    if not a.lengths or len(a.lengths) != len(b.lengths):
        return False
    return all(abs(one - other) <= SAME_LENGTH_MS for one, other in zip(a.lengths, b.lengths, strict=True))


def _same_size(a: Appearance, b: Appearance) -> bool:
    if a.track_count and b.track_count:
        return min(a.track_count, b.track_count) >= ALIKE * max(a.track_count, b.track_count)
    return {a.kind, b.kind} != {"single", "album"}


def _may_meet(left: set[Ref], right: set[Ref], members: dict[Ref, Appearance], apart: dict[Ref, set[Ref]]) -> bool:
    return not any(
        other in apart.get(ref, ()) or contradict(members[ref], members[other]) for ref in left for other in right
    )
