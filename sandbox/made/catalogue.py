"""What an ordinary act has released and will release, made from the seed whenever somebody asks."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import inf
from random import Random
from typing import overload

from sandbox.dialects import facts
from sandbox.made import names
from sandbox.made.calendar import day_text, release_days
from sandbox.made.career import Career, Paper
from sandbox.made.company import Company
from sandbox.made.shape import POSITIONS, SLOTS, Shape
from sandbox.world import DAY, MARKETS, Act, Change, Credit, Presence, Release, Track

DELAYS = {name: platform.delay for name, platform in facts.every().items()}
CARRIED = {name: platform.carried for name, platform in facts.every().items()}
TWINS = {name: platform.twin_every for name, platform in facts.every().items() if platform.twin_every}
TRACKS = {"single": (1, 1, 1, 2, 3), "ep": (4, 5, 6), "album": (8, 9, 10, 11, 12, 14, 27), "compilation": (12, 16)}
REISSUED, DELUXE, SAME_TITLE, ACCOMPANIED = 0.11, 0.02, 0.02, 0.49
DIGITISED, DELIVERED_AGAIN, BONUS, WITHDRAWN = 0.004, 0.006, 0.003, 0.008
WEEKS = 170
EDITIONS = ("Remastered", "Anniversary Edition", "Expanded")


@dataclass(frozen=True, slots=True)
class Draft:
    """A release before it has a title: when, what, how long, on whose paper, and what it takes from another one.

    `moment` is when it is dated, `arrives` when it really comes, `gone` when it goes; `lead`, `copies` and `named` are
    slots of the releases whose first track, all tracks, or title it takes.
    """

    slot: int
    moment: float
    kind: str
    tracks: int
    year: int
    serial: int
    paper: Paper
    arrives: float
    gone: float = inf
    lead: int | None = None
    copies: int | None = None
    named: int | None = None
    nature: str = ""
    bonus: float = inf
    guests: tuple[tuple[int, str], ...] = ()


def drafts(shape: Shape, n: int, name: str, born: int) -> list[Draft]:
    """Lay out an act's releases in order of time, and then those that come again under another id."""
    rng = shape.rng("catalogue", n)
    ordinal = shape.ordinal(n)
    career = Career(shape, n, name, rng, ordinal is not None and ordinal % 50 == 49)
    company = Company(shape, n, rng)
    result: list[Draft] = []
    for slot, moment in enumerate(release_days(shape, n, born, rng)):
        result.append(draft(shape, career, company, rng, slot, moment, result))
    again = [old for old in result if old.moment < shape.start and rng.random() < DELIVERED_AGAIN and old.gone == inf]
    for old in again[:2]:
        when = shape.start + rng.uniform(1, WEEKS) * DAY
        result[old.slot] = replace(old, gone=when)
        result.append(redelivered(career, old, len(result), when + rng.uniform(-0.5, 1) * DAY))
    return result


def draft(
    shape: Shape, career: Career, company: Company, rng: Random, slot: int, moment: float, before: Sequence[Draft]
) -> Draft:
    """Lay out one release."""
    kind = rng.choices(("single", "ep", "album", "compilation"), (58, 14, 26, 2))[0]
    tracks = rng.choice(TRACKS[kind])
    year = year_of(moment)
    last, taken = before[-1] if before else None, rng.random()
    lead = copies = named = None
    nature = ""
    if kind == "album" and last and last.kind == "single":
        lead = last.slot
        named = last.slot if rng.random() < 0.15 else None
    elif len(before) > 3 and taken < REISSUED + DELUXE:
        old = before[rng.randrange(len(before) // 2 + 1)]
        copies, kind = old.slot, old.kind
        named = old.slot if rng.random() < 0.3 or taken >= REISSUED else None
        nature = "reissue" if taken < REISSUED else "deluxe"
        tracks = old.tracks if nature == "reissue" else min(old.tracks + 3, POSITIONS - 8)
    elif before and taken < REISSUED + DELUXE + SAME_TITLE:
        named = rng.choice(before).slot
    recorded = year if year >= 2000 or rng.random() < 0.5 else 2000 + rng.randrange(8)
    guests = company.guests(kind) if rng.random() < ACCOMPANIED and not nature else ()
    paper = career.paper(slot, year, recorded, guests)
    origin, serial = career.numbers(paper.isrc, recorded, tracks if nature != "reissue" else 0)
    arrives = moment
    if moment < shape.start - 3000 * DAY and rng.random() < DIGITISED:
        arrives, nature = shape.start + rng.uniform(1, WEEKS) * DAY, nature or "digitised"
    gone = shape.start + rng.uniform(1, 60) * DAY if rng.random() < WITHDRAWN and moment < shape.start else inf
    late = kind == "album" and moment < shape.start and nature == "" and rng.random() < BONUS
    return Draft(
        slot, moment, kind, tracks + late, recorded, serial, replace(paper, isrc=origin), arrives,
        gone if arrives == moment else inf, lead, copies, named, nature,
        shape.start + rng.uniform(1, WEEKS) * DAY if late else inf,
        guests,
    )  # fmt: skip


def redelivered(career: Career, old: Draft, slot: int, when: float) -> Draft:
    """Let a release come again under new ids with the same codes, mostly from the same label."""
    label = old.paper.label if career.rng.random() < 0.7 else career.stray()
    paper = replace(old.paper, label=label)
    return replace(
        old, slot=slot, paper=paper, arrives=when, gone=inf, lead=None, copies=old.slot, named=old.slot,
        nature="re-delivery", bonus=inf, guests=(),
    )  # fmt: skip


def year_of(moment: float) -> int:
    """Give the year of a moment."""
    return datetime.fromtimestamp(moment, UTC).year


class Shelf(Sequence[tuple[Draft, Release]]):
    """An act's own releases; each is made when somebody takes it out."""

    def __init__(self, shape: Shape, act: Act) -> None:
        """Lay the releases out."""
        self.shape, self.act = shape, act
        self.drafts = drafts(shape, act.n, act.name, int(act.begin))
        self.made: dict[int, Release] = {}

    def __len__(self) -> int:
        """Tell how many releases there are."""
        return len(self.drafts)

    @overload
    def __getitem__(self, slot: int) -> tuple[Draft, Release]: ...

    @overload
    def __getitem__(self, slot: slice) -> Sequence[tuple[Draft, Release]]: ...

    def __getitem__(self, slot: int | slice) -> tuple[Draft, Release] | Sequence[tuple[Draft, Release]]:
        """Give one release with its draft, or several."""
        if isinstance(slot, slice):
            return [self[place] for place in range(*slot.indices(len(self)))]
        draft = self.drafts[slot]
        made = self.made.get(draft.slot)
        if made is None:
            made = self.made[draft.slot] = make_release(self.shape, self.act, draft, self)
        return draft, made


def make_release(shape: Shape, act: Act, draft: Draft, own: Shelf) -> Release:
    """Make one release of an act."""
    n = act.n * SLOTS + draft.slot
    rng = shape.rng("release", n)
    year, paper = year_of(draft.moment), draft.paper
    title = names.title(rng, shape.tongue(act.n))
    if draft.named is not None:
        title = own[draft.named][1].title
        if draft.nature in ("reissue", "deluxe") and rng.random() < 0.6:
            title = f"{title} ({'Deluxe Edition' if draft.nature == 'deluxe' else rng.choice(EDITIONS)})"
    upc = shape.codes.upc(paper.upc, act.n, paper.upc_serial)
    first = own[draft.copies][1] if draft.nature == "re-delivery" and draft.copies is not None else None
    guests = tuple(Credit(guest, role) for guest, role in draft.guests)
    return Release(
        n=n, key=f"release-{n}", title=title, kind=draft.kind,
        date=first.date if first else claimed_date(draft.moment, shape, rng),
        upc=upc, label=paper.label, p_line=f"℗ {year} {paper.p_owner}", c_line=f"© {year} {paper.c_owner}",
        cover=first.cover if first else picture(n),
        genre=act.genre, explicit=rng.random() < 0.12, track_count=draft.tracks,
        credits=(Credit(act.n), *guests), on=presences(shape, act, n, draft, upc, rng),
        changes=changes(shape, paper.label, title, rng), tracks_vary=draft.bonus < inf, nature=draft.nature,
    )  # fmt: skip


def picture(n: int) -> str:
    """Give a cover's hash."""
    return hashlib.md5(f"cover/{n}".encode(), usedforsecurity=False).hexdigest()


def claimed_date(moment: float, shape: Shape, rng: Random) -> str:
    """Give the date as the uploader wrote it: old ones are often only a year, a few say nothing."""
    text = day_text(moment)
    dice = rng.random()
    if dice < 0.004 and moment < shape.start:
        return "0000"
    if moment < shape.start - 9000 * DAY and dice < 0.2:
        return text[:4]
    return text[:7] if dice < 0.02 and moment < shape.start - 30 * DAY else text


def presences(shape: Shape, act: Act, n: int, draft: Draft, upc: str, chances: Random) -> dict[str, Presence]:
    """Put a release on the platforms that the act is on, each with its own delay."""
    result = {}
    markets = frozenset(m for m in MARKETS if chances.random() < 0.6) if chances.random() < 0.05 else None
    again = draft.nature == "re-delivery"
    for platform in act.profiles:
        rng = shape.rng(f"on/{platform}", n) if facts.of(platform).apart else chances
        if rng.random() >= CARRIED.get(platform, 0.9) or (again and facts.of(platform).reference):
            continue
        low, high = DELAYS.get(platform, (0.0, 1.5))
        since = draft.arrives + rng.uniform(low, high) * DAY
        if rng.random() < (0.1 if platform == "itunes" else 0.04) and draft.arrives == draft.moment:
            since = draft.moment - rng.choice((7, 14, 21)) * DAY
        gone = inf if facts.of(platform).reference else draft.gone
        if since < gone:
            result[platform] = presence(shape, platform, n, since, gone, markets, upc)
    return result


def presence(
    shape: Shape, platform: str, n: int, since: float, until: float, markets: frozenset[str] | None, upc: str
) -> Presence:
    """Make a release's entry on one platform, with that platform's spelling of the UPC."""
    twin = shape.ids[platform, "twin"].id(n) if n % TWINS.get(platform, n + 2) == 1 else ""
    id = shape.ids[platform, "album"].id(n)
    if platform == "musicbrainz":
        return Presence(id, since, until, None, upc=("", "0" + upc, upc, "0" + upc)[n % 4], twin=twin)
    return Presence(id, since, until, markets, upc=stored_upc(platform, n, upc), twin=twin)


def stored_upc(platform: str, n: int, upc: str) -> str:
    """Spell a UPC as the platform keeps it."""
    return ("", "0", "00")[n % 3] + upc if platform == "spotify" else upc


def changes(shape: Shape, label: str, title: str, rng: Random) -> tuple[Change, ...]:
    """Let a few releases be corrected during the weeks: titles, and labels where catalogues change hands."""
    if rng.random() > 0.01:
        return ()
    at = shape.start + rng.uniform(0.5, 60) * DAY
    if rng.random() < 0.5:
        return (Change(at, "title", f"{title} (Remastered)"),)
    return (Change(at, "label", f"{label} International"),)


def make_tracks(
    shape: Shape, act: Act, release: Release, draft: Draft, own: Sequence[tuple[Draft, Release]]
) -> list[Track]:
    """Make the tracks of a release, some of which may be another one's."""
    rng = shape.rng("tracks", release.n)
    result: list[Track] = []
    if draft.copies is not None:
        old, source = own[draft.copies]
        result = [
            replace(track, ids=track_ids(shape, release, track.position), credits=(Credit(act.n),), since=-inf)
            for track in make_tracks(shape, act, source, old, own)[: draft.tracks]
        ]
    writers = house_writers(shape, act, release)
    solo, guests = (Credit(act.n),), tuple(replace(c, role=sung(c.role)) for c in release.credits[1:])
    several = draft.tracks > 1
    featured = {rng.randrange(1, draft.tracks) for _ in guests} if several else {0}
    for position in range(len(result) + 1, draft.tracks + 1):
        title = release.title if position == 1 and draft.kind == "single" else names.title(rng, shape.tongue(act.n))
        joint = all(credit.role == "main" for credit in guests) or position - 1 in featured
        result.append(
            Track(
                position=position,
                title=title,
                duration_ms=rng.randrange(95_000, 330_000),
                isrc=shape.codes.isrc(draft.paper.isrc, act.n, draft.year, draft.serial + position - 1),
                credits=(*solo, *guests) if joint else solo,
                ids=track_ids(shape, release, position),
                disc=1 if position <= 14 else 2,
                version="Instrumental" if position == 3 and rng.random() < 0.1 else "",
                explicit=release.explicit and rng.random() < 0.5,
                writers=writers,
                since=draft.bonus if position == draft.tracks and draft.bonus < inf else -inf,
            )
        )
    if draft.lead is not None:
        single = make_tracks(shape, act, own[draft.lead][1], own[draft.lead][0], own)[0]
        result[0] = replace(single, ids=track_ids(shape, release, 1), credits=solo)
    return result


def sung(role: str) -> str:
    """Give the role on a track of somebody who is a guest of the release."""
    return "featured" if role == "guest" else role


def house_writers(shape: Shape, act: Act, release: Release) -> tuple[str, ...]:
    """Give who wrote a release: the artist, and now and then one of a few whom the artist writes with."""
    rng = shape.rng("writers", act.n * 8 + release.n % 8)
    name = act.latin or act.name
    return (name,) if rng.random() < 0.6 else (name, names.person(rng, shape.tongue(act.n)))


def track_ids(shape: Shape, release: Release, position: int) -> dict[str, str]:
    """Give a track's id on every platform that has its release."""
    n = release.n * POSITIONS + position - 1
    return {platform: shape.ids[platform, "track"].id(n) for platform in release.on}
