"""What an ordinary act has released and will release, made from the seed whenever somebody asks."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from sandbox.dialects import facts
from sandbox.made import names
from sandbox.made.ids import ACTS_PER_REGISTRANT
from sandbox.made.people import block_label, day_text, friday
from sandbox.made.shape import POSITIONS, SLOTS, Shape
from sandbox.world import DAY, MARKETS, Act, Change, Credit, Presence, Release, Track

FUTURE = 180 * DAY
COLLAB_SLOT = 400
COLLABS = 4
DELAYS = {name: platform.delay for name, platform in facts.every().items()}
CARRIED = {name: platform.carried for name, platform in facts.every().items()}
TWINS = {name: platform.twin_every for name, platform in facts.every().items() if platform.twin_every}
TRACKS = {"single": (1, 1, 1, 2, 3), "ep": (4, 5, 6), "album": (8, 9, 10, 11, 12, 14, 27), "compilation": (12, 16)}


@dataclass(frozen=True, slots=True)
class Draft:
    """A release before it has a title: when, what, how long, and which ISRC numbers it may use."""

    slot: int
    moment: float
    kind: str
    tracks: int
    serial: int
    lead: int | None


def drafts(shape: Shape, act: Act) -> list[Draft]:
    """Lay out an act's releases in order of time."""
    rng = shape.rng("catalogue", act.n)
    per_year: dict[int, int] = {}
    result: list[Draft] = []
    for slot, moment in enumerate(release_days(shape, act, rng)):
        kind = rng.choices(("single", "ep", "album", "compilation"), (58, 14, 26, 2))[0]
        year = datetime.fromtimestamp(moment, UTC).year
        place = per_year[year] = per_year.get(year, -1) + 1
        before = result[-1] if result else None
        lead = before.slot if kind == "album" and before and before.kind == "single" else None
        result.append(Draft(slot, moment, kind, rng.choice(TRACKS[kind]), place * POSITIONS, lead))
    return result


def release_days(shape: Shape, act: Act, rng: Random) -> list[float]:
    """Choose the days on which an act releases, mostly Fridays, some of them still to come."""
    ordinal = shape.ordinal(act.n)
    past = int(rng.lognormvariate(1.8 if ordinal is None else 2.6, 0.7)) + 1
    yearly = rng.uniform(0.2, 2.5) if ordinal is None else rng.uniform(1.0, 9.0)
    if ordinal is not None and ordinal % 50 == 49:
        past = 230
    span = min(past / max(yearly, 0.5), datetime.fromtimestamp(shape.start, UTC).year - int(act.begin) - 16, 45)
    first = shape.start - max(span, 1) * 365 * DAY
    days = [rng.uniform(first, shape.start - 10 * DAY) for _ in range(min(past, 300))]
    moment = shape.start
    while (moment := moment + rng.expovariate(yearly / (365 * DAY))) < shape.start + FUTURE and len(days) < 390:
        days.append(moment)
    return sorted(
        friday(day) if rng.random() < 0.75 and day > shape.start - 4000 * DAY else day - day % DAY for day in days
    )


def make_release(shape: Shape, act: Act, draft: Draft) -> Release:
    """Make one release of an act."""
    n = act.n * SLOTS + draft.slot
    rng = shape.rng("release", n)
    block, place = divmod(act.n, ACTS_PER_REGISTRANT)
    year = datetime.fromtimestamp(draft.moment, UTC).year
    label = block_label(shape, block) or own_label(act, n)
    title = names.title(rng)
    owner = act.name if label.endswith(" DK") else label
    upc = shape.registrants.upc(block, place, draft.slot)
    return Release(
        n=n, key=f"release-{n}", title=title, kind=draft.kind, date=claimed_date(draft.moment, shape, rng),
        upc=upc, label=label, p_line=f"℗ {year} {owner}", c_line=f"© {year} {owner}",
        cover=picture(n), genre=act.genre, explicit=rng.random() < 0.12, track_count=draft.tracks,
        credits=(Credit(act.n),),
        on=presences(shape, act, n, draft.moment, upc, rng), changes=changes(shape, label, title, rng),
    )  # fmt: skip


def own_label(act: Act, n: int) -> str:
    """Give the label line of somebody without a label: their name, or the distributor's filler."""
    return f"{1_000_000 + n * 7919 % 8_999_999} Records DK" if act.n % 3 == 0 else act.name


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


def presences(shape: Shape, act: Act, n: int, moment: float, upc: str, chances: Random) -> dict[str, Presence]:
    """Put a release on the platforms that the act is on, each with its own delay."""
    result = {}
    gone = (
        shape.start + chances.uniform(1, 60) * DAY if chances.random() < 0.01 and moment < shape.start else float("inf")
    )
    markets = frozenset(m for m in MARKETS if chances.random() < 0.6) if chances.random() < 0.05 else None
    for platform in act.profiles:
        rng = shape.rng(f"on/{platform}", n) if facts.of(platform).apart else chances
        if rng.random() >= CARRIED[platform]:
            continue
        low, high = DELAYS[platform]
        since = moment + rng.uniform(low, high) * DAY
        if platform == "itunes" and rng.random() < 0.1:
            since = moment - 14 * DAY
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
    """Let a few releases be corrected during the weeks."""
    if rng.random() > 0.01:
        return ()
    at = shape.start + rng.uniform(0.5, 20) * DAY
    if rng.random() < 0.5:
        return (Change(at, "title", f"{title} (Remastered)"),)
    return (Change(at, "label", f"{label} International"),)


def make_tracks(shape: Shape, act: Act, release: Release, draft: Draft) -> list[Track]:
    """Make the tracks of a release."""
    rng = shape.rng("tracks", release.n)
    block, place = divmod(act.n, ACTS_PER_REGISTRANT)
    year = datetime.fromtimestamp(draft.moment, UTC).year
    result = []
    for position in range(1, draft.tracks + 1):
        title = release.title if position == 1 and draft.kind == "single" else names.title(rng)
        result.append(
            Track(
                position=position,
                title=title,
                duration_ms=rng.randrange(95_000, 330_000),
                isrc=shape.registrants.isrc(block, place, year, draft.serial + position),
                credits=release.credits,
                ids=track_ids(shape, release, position),
                disc=1 if position <= 14 else 2,
                version="Instrumental" if position == 3 and rng.random() < 0.1 else "",
                explicit=release.explicit and rng.random() < 0.5,
                writers=(act.latin or act.name,),
            )
        )
    return result


def track_ids(shape: Shape, release: Release, position: int) -> dict[str, str]:
    """Give a track's id on every platform that has its release."""
    n = release.n * POSITIONS + position - 1
    return {platform: shape.ids[platform, "track"].id(n) for platform in release.on}
