"""The stage on which scenarios are set up: it casts monitored artists, adds acts and releases, and notes the truth."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf
from random import Random
from typing import Protocol

from sandbox.dialects import facts
from sandbox.made import names
from sandbox.made.catalogue import Draft, picture, presence, track_ids
from sandbox.made.ids import ACTS_PER_REGISTRANT
from sandbox.made.people import day_text
from sandbox.made.shape import BLOCK, POSITIONS, SLOTS, Shape
from sandbox.planted.plan import Plan
from sandbox.world import DAY, PLATFORMS, Act, Binding, Credit, Link, Planted, Profile, Release, Track

STORES = ("spotify", "deezer", "itunes")
LAGS = {name: platform.lag for name, platform in facts.every().items()}


class Source(Protocol):
    """What the stage needs of the world under construction."""

    shape: Shape

    def act(self, n: int) -> Act:
        """Give an ordinary act."""

    def own(self, n: int) -> Sequence[tuple[Draft, Release]]:
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
        """Give the releases that are out when the weeks begin."""
        return [r for r in self.releases if all(entry.since < start for entry in r.on.values()) and r.on]


@dataclass(frozen=True)
class Song:
    """A track that a scenario wants on a release."""

    title: str
    duration_ms: int = 0
    version: str = ""
    credits: tuple[Credit, ...] = ()
    writers: tuple[str, ...] = ()
    isrc: str = ""


class Stage:
    """Sets up the scenarios of one block of monitored artists."""

    def __init__(self, source: Source, block: int) -> None:
        """Begin with an empty plan."""
        self.source, self.shape, self.block, self.plan = source, source.shape, block, Plan()
        self.start = source.shape.start
        self.serials: dict[int, int] = {}

    def lead(self, slot: int) -> Lead | None:
        """Cast the monitored artist of a slot, or nobody in a small world."""
        m = self.block * BLOCK + slot
        if m >= self.shape.monitored:
            return None
        n = self.shape.monitored_acts[m]
        return Lead(m, self.source.act(n), self.source)

    def rng(self, lead: Lead, what: str) -> Random:
        """Give the source of chance for a scenario."""
        return self.shape.rng(f"scenario/{what}", lead.m)

    def moment(self, rng: Random, first: float = 1.0, last: float = 16.0) -> float:
        """Choose when something happens, in days after the start."""
        return self.start + rng.uniform(first, last) * DAY

    def extra(
        self,
        lead: Lead,
        j: int,
        name: str,
        since: float,
        platforms: Iterable[str] = STORES,
        fans: int = 40,
        **more: object,
    ) -> Act:
        """Add an act around a monitored artist, with a page on some platforms from a time on."""
        n = self.shape.crew(lead.m, j)
        pages = {
            platform: Profile(platform, self.shape.ids[platform, "artist"].id(n), name, since, followers=fans)
            for platform in platforms
        }
        said = {"label": name, "labels": (name,), "genre": lead.act.genre, **more}
        act = Act(n=n, key=f"crew-{lead.m}-{j}", name=name, profiles=pages, **said)  # type: ignore[arg-type]
        self.plan.acts[n] = act
        return act

    def serial(self, m: int) -> int:
        """Give the next free number of an uploader for ISRCs and UPCs."""
        self.serials[m] = self.serials.get(m, 0) + 1
        return self.serials[m]

    def registrant(self, m: int) -> tuple[int, int]:
        """Give the registrant block and place that uploads around a monitored artist use."""
        ordinary = -(-self.shape.people // ACTS_PER_REGISTRANT)
        return ordinary + m // ACTS_PER_REGISTRANT, m % ACTS_PER_REGISTRANT

    def release(
        self, lead: Lead, j: int, credits: Sequence[Credit], songs: Sequence[Song], since: float, *, title: str = "",
        kind: str = "single", date: str = "", label: str = "", owner: str = "", cover: str = "", until: float = inf,
        platforms: Iterable[str] = STORES, uploader: int | None = None, home: bool = False,
    ) -> Release:  # fmt: skip
        """Add a release; `home` gives it the numbers of the artist's own label."""
        m = lead.m if uploader is None else uploader
        serial = self.serial(m)
        n = self.shape.crew(lead.m, j) * SLOTS + serial
        block, place = divmod(lead.act.n, ACTS_PER_REGISTRANT) if home else self.registrant(m)
        year = int((date or day_text(since))[:4])
        upc = self.shape.registrants.upc(block, place, serial + (2000 if home else 0))
        owner = owner or label or names.label_name(self.shape.rng("outsider", lead.m))
        on = {
            platform: presence(self.shape, platform, n, since + LAGS[platform] * DAY, until, None, upc)
            for platform in platforms
            if any(platform in self.known(credit.act).profiles for credit in credits if credit.role == "main")
        }
        release = Release(
            n=n, key=f"planted-{lead.m}-{serial}", title=title or songs[0].title, kind=kind,
            date=date or day_text(since), upc=upc, label=label or owner, p_line=f"℗ {year} {owner}",
            c_line=f"© {year} {owner}", cover=cover or picture(n),
            genre=lead.act.genre, explicit=False, track_count=len(songs), credits=tuple(credits), on=on,
        )  # fmt: skip
        self.plan.releases[n] = release
        self.plan.tracks[n] = tuple(
            self.track(lead, release, position, song, (block, place, year), m, home)
            for position, song in enumerate(songs, 1)
        )
        return release

    def track(
        self, lead: Lead, release: Release, position: int, song: Song, prefix: tuple[int, int, int], m: int, home: bool
    ) -> Track:
        """Make one track of an added release."""
        rng = self.shape.rng("planted-track", release.n * POSITIONS + position)
        isrc = song.isrc or self.shape.registrants.isrc(*prefix, self.serial(m) + (3500 if home else 0))
        return Track(
            position=position,
            title=song.title,
            isrc=isrc,
            duration_ms=song.duration_ms or rng.randrange(100_000, 280_000),
            credits=song.credits or on_track(release.credits),
            ids=track_ids(self.shape, release, position),
            version=song.version,
            writers=song.writers or (names.person(rng),),
        )

    def known(self, n: int) -> Act:
        """Give an ordinary or an added act."""
        return self.plan.acts[n] if n in self.plan.acts else self.source.act(n)

    def songs(self, rng: Random, count: int) -> list[Song]:
        """Invent some songs."""
        return [Song(names.title(rng)) for _ in range(count)]

    def tracks_of(self, release: Release) -> Sequence[Track]:
        """Give the tracks of an ordinary release."""
        return self.source.ordinary_tracks(release, *divmod(release.n, SLOTS))

    def revise(self, release: Release, tracks: Sequence[Track] | None = None, **changed: object) -> Release:
        """Change an ordinary release."""
        revised = replace(self.plan.revised.get(release.n, release), **changed)  # type: ignore[arg-type]
        self.plan.revised[release.n] = revised
        if tracks is not None:
            self.plan.tracks[release.n] = tuple(tracks)
        return revised

    def track_ids(self, release: Release, position: int) -> dict[str, str]:
        """Give the ids that a track added to a release has."""
        return track_ids(self.shape, release, position)

    def link(self, lead: Lead, link: Link) -> None:
        """Add a url relation to a monitored artist."""
        self.plan.linked.setdefault(lead.act.n, []).append(link)

    def until(self, release: Release, moment: float) -> Release:
        """Take an added release down everywhere at a time."""
        on = {p: replace(entry, until=max(moment, entry.since + DAY)) for p, entry in release.on.items()}
        self.plan.releases[release.n] = replace(release, on=on)
        return self.plan.releases[release.n]

    def plant(
        self, kind: str, lead: Lead, releases: Sequence[Release] = (), *,
        bound: Sequence[Act] = (), acts: Sequence[Act] = (), attack: bool = True, scenario: str = "",
        since: float | None = None, campaign: str = "", note: str = "",
    ) -> None:  # fmt: skip
        """Note an event: the bindings of some releases to some acts, and the profiles that matter."""
        bindings = [b for release in releases for act in bound for b in bindings_of(release, act)]
        pages = [Binding(p.platform, p.id, since=p.since, until=p.until) for act in acts for p in act.profiles.values()]
        begins = [binding.since for binding in (*bindings, *pages) if binding.since > -inf]
        began = since if since is not None else min(begins, default=self.start)
        event = Planted(
            f"{kind}-{lead.m}", kind, scenario, lead.act.n, attack, began, tuple(bindings), tuple(pages), campaign, note
        )
        self.plan.planted.append(event)


def on_track(credits: Sequence[Credit]) -> tuple[Credit, ...]:
    """Give a release's credits as its tracks say them: who is a guest of the release is featured on the track."""
    return tuple(replace(credit, role="featured") if credit.role == "guest" else credit for credit in credits)


def bindings_of(release: Release, act: Act) -> list[Binding]:
    """Give where a release stands under an act."""
    result = []
    for platform in PLATFORMS:
        entry, profile = release.on.get(platform), act.profiles.get(platform)
        for credit in release.credits if entry and profile else ():
            if entry and profile and credit.act == act.n and (credit.platforms is None or platform in credit.platforms):
                since, until = max(entry.since, credit.since, profile.since), min(entry.until, credit.until)
                if since < until:
                    result.append(Binding(platform, profile.id, entry.id, "", since, until))
    return result
