"""The stage on which scenarios are set up: it casts monitored artists, adds acts and releases, and notes the truth."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf
from random import Random
from typing import Protocol

from sandbox.dialects import facts
from sandbox.made import names
from sandbox.made.calendar import day_text, friday
from sandbox.made.career import LABEL_UPC_TOP, PLANTED_ROOM, PLANTED_UPC_ROOM, SAMPLED_TOP
from sandbox.made.catalogue import Shelf, picture, presence, track_ids
from sandbox.made.codes import (
    DISTRIBUTORS,
    ERAS,
    LABEL,
    LABEL_ROOM,
    OWN,
    PAGE_ROOM,
    POOL,
    POOL_PAGES,
    UPC_PAGE_ROOM,
    UPC_PAGES,
    Origin,
)
from sandbox.made.shape import CREW, POSITIONS, SLOTS, Shape
from sandbox.made.together import FIRST_SERIAL
from sandbox.planted import looks
from sandbox.planted.looks import Look
from sandbox.planted.plan import Plan
from sandbox.planted.silence import aged, earlier
from sandbox.planted.truth import bindings_of, track_bindings
from sandbox.world import DAY, EVERYWHERE, Act, Binding, Credit, Link, Planted, Profile, Release, Track

LAGS = {name: platform.lag for name, platform in facts.every().items()}
UPLOADER = CREW - 1
SAME_PREFIX = 0.3
# The numbers of an act that its ordinary releases leave to the scenarios.
ISRCS = {
    LABEL: (SAMPLED_TOP, LABEL_ROOM), POOL: (PAGE_ROOM - PLANTED_ROOM, PAGE_ROOM), OWN: (99_000, 100_000),
}  # fmt: skip
UPCS = {LABEL: (LABEL_UPC_TOP, FIRST_SERIAL), POOL: (UPC_PAGE_ROOM - PLANTED_UPC_ROOM, UPC_PAGE_ROOM)}


class Source(Protocol):
    """What the stage needs of the world under construction."""

    shape: Shape

    def act(self, n: int) -> Act:
        """Give an ordinary act."""

    def own(self, n: int) -> Shelf:
        """Give an ordinary act's own releases."""

    def ordinary_tracks(self, release: Release, owner: int, slot: int) -> Sequence[Track]:
        """Give the tracks of a release that no scenario made."""


@dataclass(frozen=True)
class Lead:
    """A monitored artist to whom something happens."""

    m: int
    act: Act
    source: Source

    @cached_property
    def releases(self) -> tuple[Release, ...]:
        """The artist's own releases, made only for the scenarios that look at them."""
        return tuple(release for _, release in self.source.own(self.act.n))

    def before(self, start: float) -> list[Release]:
        """Give the releases that are out when the weeks begin and stay, oldest first."""
        out = [r for r in self.releases if r.on and all(e.since < start < e.until == inf for e in r.on.values())]
        return sorted(
            out or [r for r in self.releases if r.on], key=lambda r: (min(e.since for e in r.on.values()), r.n)
        )


@dataclass(frozen=True)
class Song:
    """A track that a scenario wants on a release."""

    title: str
    duration_ms: int = 0
    version: str = ""
    credits: tuple[Credit, ...] = ()
    writers: tuple[str, ...] = ()
    isrc: str = ""


@dataclass(frozen=True)
class Role:
    """What is being played: a scenario's name, class and golden number, and whether it is an attack."""

    kind: str
    group: str = ""
    golden: str = ""
    attack: bool = True


class Stage:
    """Sets up the scenarios of one block of monitored artists."""

    def __init__(self, source: Source, plan: Plan) -> None:
        """Begin with a plan."""
        self.source, self.shape, self.plan = source, source.shape, plan
        self.start = source.shape.start
        self.serials: dict[tuple[object, int], int] = {}
        self.role = Role("")
        self.first, self.last = 1.0, 16.0
        self.alone = False

    def lead(self, m: int) -> Lead | None:
        """Cast a monitored artist, or nobody in a small world."""
        if m >= self.shape.monitored:
            return None
        n = self.shape.monitored_acts[m]
        return Lead(m, self.source.act(n), self.source)

    def rng(self, lead: Lead) -> Random:
        """Give the source of chance for the scenario that is being played."""
        return self.shape.rng(f"scenario/{self.role.kind}/{self.first}", lead.m)

    def moment(self, rng: Random, leave: float = 0.0) -> float:
        """Choose when something happens within the weeks, the last days of which may be wanted for what follows."""
        return self.start + rng.uniform(self.first, max(self.first + 1, self.last - leave)) * DAY

    # What the people of the victim's country would call something.

    def title(self, rng: Random, lead: Lead) -> str:
        """Invent a title."""
        return names.title(rng, self.shape.tongue(lead.act.n))

    def person(self, rng: Random, lead: Lead) -> str:
        """Invent a person."""
        return names.person(rng, self.shape.tongue(lead.act.n))

    def band(self, rng: Random, lead: Lead) -> str:
        """Invent a band."""
        return names.band(rng, self.shape.tongue(lead.act.n))

    def imprint(self, rng: Random, lead: Lead) -> str:
        """Invent a label."""
        return names.label_name(rng, self.shape.tongue(lead.act.n))

    def songs(self, rng: Random, lead: Lead, count: int) -> list[Song]:
        """Invent some songs."""
        return [Song(self.title(rng, lead)) for _ in range(count)]

    # How a release looks.

    def home(self, lead: Lead, **changed: object) -> Look:
        """Give the look of the artist's own releases: the usual label, lines and codes."""
        out = lead.before(self.start)
        usual = Counter(release.label for release in out).most_common(1)[0][0]
        last = [release for release in out if release.label == usual][-1]
        owners = [line.split(" ", 2)[-1] for line in (last.p_line, last.c_line)]
        paper = self.source.own(lead.act.n).drafts[last.n % SLOTS].paper
        look = Look(
            usual, owners[0], owners[1], lead.act.n, lead.act.genre, paper.isrc, paper.upc, home=True,
        )  # fmt: skip
        return replace(look, **changed)  # type: ignore[arg-type]

    def usual_label(self, lead: Lead) -> str:
        """Give the label that an artist's past releases have most often; no release need be made for that."""
        drafts = self.source.own(lead.act.n).drafts
        past = [draft.paper.label for draft in drafts if draft.moment < self.start]
        return Counter(past or [drafts[0].paper.label]).most_common(1)[0][0]

    def stranger(self, lead: Lead, rng: Random, **changed: object) -> Look:
        """Give the look of a forgery, as documented ones look."""
        imprint = self.imprint(rng, lead)
        label = looks.forged_label(rng, lead.act.name, self.usual_label(lead), imprint)
        owner = label if rng.random() < 0.7 and not label.endswith(" DK") else imprint
        origin = Origin(POOL, rng.randrange(DISTRIBUTORS), len(ERAS) - rng.choice((1, 1, 2)), rng.randrange(POOL_PAGES))
        holder = self.shape.crew(lead.m, UPLOADER)
        if rng.random() < SAME_PREFIX:
            origin, holder = self.neighbour(lead, origin)
        look = Look(
            label, owner, owner, holder, looks.forged_genre(rng, lead.act.genre), origin, replace(origin, page=0),
            writer=self.person(rng, lead), platforms=looks.forged_platforms(rng),
        )  # fmt: skip
        return replace(look, **changed)  # type: ignore[arg-type]

    def neighbour(self, lead: Lead, origin: Origin) -> tuple[Origin, int]:
        """Find an uploader whose distributor gives codes of a registrant that the artist has had, if there is one."""
        codes = self.shape.codes
        for draft in reversed(self.source.own(lead.act.n).drafts):
            wanted = draft.paper.isrc
            for j in range(CREW) if wanted.kind == POOL and draft.moment < self.start else ():
                for page in range(POOL_PAGES):
                    found, holder = replace(wanted, page=page), self.shape.crew(lead.m, j)
                    if codes.pool(found, holder) == codes.pool(wanted, lead.act.n):
                        return found, holder
        return origin, self.shape.crew(lead.m, UPLOADER)

    # What is put up.

    def extra(
        self, lead: Lead, name: str, since: float, platforms: Iterable[str] = EVERYWHERE, fans: int = 40, **more: object
    ) -> Act:
        """Add an act around a monitored artist, with a page on some platforms from a time on."""
        n = self.shape.crew(lead.m, self.next("act", lead.m, UPLOADER) - 1)
        image = str(more.pop("image", ""))
        pages = {
            platform: Profile(
                platform, self.shape.ids[platform, "artist"].id(n), name, since, followers=fans, image=image
            )
            for platform in platforms
        }
        said = {"label": name, "labels": (name,), "genre": lead.act.genre, "country": lead.act.country, **more}
        act = Act(n=n, key=f"crew-{n}", name=name, profiles=pages, **said)  # type: ignore[arg-type]
        self.plan.acts[n] = act
        return act

    def next(self, what: object, m: int, most: int) -> int:
        """Give the next free number of something around a monitored artist."""
        found = self.serials[what, m] = self.serials.get((what, m), 0) + 1
        if found > most:
            raise ValueError(f"monitored artist {m} has no room for one more {what}")
        return found

    def isrc(self, lead: Lead, look: Look, year: int) -> str:
        """Give the next ISRC of whoever a look says."""
        first, last = ISRCS[look.isrc.kind] if look.home else (0, PAGE_ROOM)
        pages = [(look.isrc.page + place) % POOL_PAGES for place in range(POOL_PAGES)]
        for page in pages if look.isrc.kind == POOL else [0]:
            origin = replace(look.isrc, page=page)
            key = (origin, year), look.holder
            used = self.serials.get(key, 0)
            if first + used < last:
                self.serials[key] = used + 1
                return self.shape.codes.isrc(origin, look.holder, year, first + used)
        raise ValueError(f"no ISRC is left for {lead.act.key} in {year}")

    def upc(self, lead: Lead, look: Look) -> str:
        """Give the next barcode of whoever a look says."""
        first, last = UPCS[look.upc.kind] if look.home else (0, UPC_PAGE_ROOM)
        pages = [(look.upc.page + place) % UPC_PAGES for place in range(UPC_PAGES)]
        for page in pages if look.upc.kind == POOL else [0]:
            origin = replace(look.upc, page=page)
            key = ("upc", origin), look.holder
            used = self.serials.get(key, 0)
            if first + used < last:
                self.serials[key] = used + 1
                return self.shape.codes.upc(origin, look.holder, first + used)
        raise ValueError(f"no barcode is left for {lead.act.key}")

    def release(
        self, lead: Lead, look: Look, credits: Sequence[Credit], songs: Sequence[Song], since: float, *,
        title: str = "", kind: str = "single", date: str = "", until: float = inf, nature: str = "",
    ) -> Release:  # fmt: skip
        """Add a release."""
        serial = self.next("release", lead.m, SLOTS - 1)
        n = self.shape.crew(lead.m, UPLOADER) * SLOTS + serial
        year = int((date or day_text(since))[:4])
        upc = self.upc(lead, look)
        on = {
            platform: presence(self.shape, platform, n, since + LAGS.get(platform, 0.3) * DAY, until, None, upc)
            for platform in look.platforms
            if any(platform in self.known(credit.act).profiles for credit in credits if credit.role == "main")
        }
        release = Release(
            n=n, key=f"planted-{lead.m}-{serial}", title=title or songs[0].title, kind=kind,
            date=date or day_text(since), upc=upc, label=look.label, p_line=f"℗ {year} {look.p_owner}",
            c_line=f"© {year} {look.c_owner}", cover=look.cover or picture(n),
            genre=look.genre, explicit=False, track_count=len(songs), credits=tuple(credits), on=on, nature=nature,
        )  # fmt: skip
        self.plan.releases[n] = release
        self.plan.tracks[n] = tuple(
            self.track(lead, look, release, position, song, year) for position, song in enumerate(songs, 1)
        )
        return release

    def track(self, lead: Lead, look: Look, release: Release, position: int, song: Song, year: int) -> Track:
        """Make one track of a release that a scenario adds or changes."""
        rng = self.shape.rng("planted-track", release.n * POSITIONS + position)
        return Track(
            position=position,
            title=song.title,
            isrc=song.isrc or self.isrc(lead, look, year),
            duration_ms=song.duration_ms or rng.randrange(100_000, 280_000),
            credits=song.credits or on_track(release.credits),
            ids=track_ids(self.shape, release, position),
            version=song.version,
            writers=song.writers or ((look.writer,) if look.writer else (self.person(rng, lead),)),
        )

    def known(self, n: int) -> Act:
        """Give an ordinary or an added act."""
        return self.plan.acts[n] if n in self.plan.acts else self.source.act(n)

    def tracks_of(self, release: Release) -> Sequence[Track]:
        """Give the tracks of an ordinary release."""
        return self.source.ordinary_tracks(release, *divmod(release.n, SLOTS))

    def copied(self, release: Release) -> list[Song]:
        """Give the songs of an ordinary release with their codes, to be put up once more."""
        return [
            Song(track.title, track.duration_ms, track.version, writers=track.writers, isrc=track.isrc)
            for track in self.tracks_of(release)
        ]

    def revise(self, release: Release, tracks: Sequence[Track] | None = None, **changed: object) -> Release:
        """Change an ordinary release."""
        revised = replace(self.plan.revised.get(release.n, release), **changed)  # type: ignore[arg-type]
        self.plan.revised[release.n] = revised
        if tracks is not None:
            self.plan.tracks[release.n] = tuple(tracks)
        return revised

    def alter(self, release: Release, **changed: object) -> Release:
        """Change a release that a scenario has added."""
        self.plan.releases[release.n] = replace(self.plan.releases[release.n], **changed)  # type: ignore[arg-type]
        return self.plan.releases[release.n]

    def link(self, lead: Lead, link: Link) -> None:
        """Add a url relation to a monitored artist."""
        self.plan.linked.setdefault(lead.act.n, []).append(link)

    def until(self, release: Release, moment: float, platforms: Sequence[str] = EVERYWHERE) -> Release:
        """Take an added release down at a time, everywhere or on some platforms."""
        on = {
            p: replace(e, until=max(moment, e.since + 0.5 * DAY)) if p in platforms else e
            for p, e in release.on.items()
        }
        return self.alter(release, on=on)

    def silence(self, lead: Lead, year: int, passed: bool) -> None:
        """Let an artist's last release be of a year, be it of death or before a long silence: all were earlier."""
        out = lead.before(self.start)
        years = max(0, max(int(release.date[:4]) for release in out) - year)
        for release in lead.releases:
            if min((entry.since for entry in release.on.values()), default=inf) >= self.start:
                self.revise(release, on={})
            elif years:
                self.revise(
                    release, [earlier(track, years) for track in self.tracks_of(release)], **aged(release, years)
                )
        if passed:
            self.plan.passed[lead.act.n] = f"{year}-12-31"

    def fall_silent(self, lead: Lead, rng: Random) -> None:
        """Let many victims be long silent or dead, where nothing else is to befall them."""
        if self.alone and rng.random() < looks.SILENT_VICTIMS:
            self.silence(lead, rng.randrange(2010, 2020), passed=rng.random() < 0.4)

    def weekday(self, rng: Random, moment: float) -> float:
        """Move a moment to the Friday before it as often as forgeries are dated so."""
        return max(friday(moment), self.start + self.first * DAY) if rng.random() < looks.ON_FRIDAY else moment

    # What is true.

    def plant(
        self, lead: Lead, releases: Sequence[Release] = (), *, bound: Sequence[Act] = (), acts: Sequence[Act] = (),
        tracks: Sequence[tuple[Release, Track]] = (), swapped: float = inf, since: float | None = None,
        seen: bool = True, campaign: str = "", note: str = "",
    ) -> None:  # fmt: skip
        """Note an event: the releases or tracks bound to some acts, and the profiles that matter."""
        bindings = [b for release in releases for act in bound for b in bindings_of(release, act)]
        bindings += [b for release, track in tracks for act in bound for b in track_bindings(release, track, act)]
        pages = [
            Binding(p.platform, p.id, since=p.since, until=p.until, credited=p.name)
            for act in acts
            for p in act.profiles.values()
        ]
        begins = [binding.since for binding in (*bindings, *pages) if binding.since > -inf]
        began = since if since is not None else min(begins, default=self.start)
        ends = [binding.until for binding in bindings]
        self.plan.planted.append(
            Planted(
                f"{self.role.kind}-{lead.m}" + ("-census" if began < self.start else ""), self.role.kind,
                self.role.golden, lead.act.n, self.role.attack, began, tuple(bindings), tuple(pages),
                campaign, note, self.role.group, visible=(min(begins, default=began) if seen else inf) if swapped == inf
                else swapped, swapped=swapped, down=max(ends, default=inf),
            )
        )  # fmt: skip


def on_track(credits: Sequence[Credit]) -> tuple[Credit, ...]:
    """Give a release's credits as its tracks say them: who is a guest of the release is featured on the track."""
    return tuple(replace(credit, role="featured") if credit.role == "guest" else credit for credit in credits)
