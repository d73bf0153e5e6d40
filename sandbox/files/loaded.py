"""A world read from a file: everything is in memory and found by dictionary."""

from collections.abc import Iterable, Iterator, Sequence
from math import inf
from pathlib import Path

from sandbox.dialects.search_index import SearchIndex, words
from sandbox.files.worldfile import (
    FileArtist,
    FileBinding,
    FileCredit,
    FilePlanted,
    FilePresence,
    FileRelease,
    FileRosterRow,
    FileTrack,
    WorldFile,
    read_world,
)
from sandbox.world import (
    Act,
    Binding,
    Change,
    Credit,
    Hidden,
    Link,
    Planted,
    Presence,
    Profile,
    Release,
    RosterRow,
    Track,
)


class LoadedWorld:
    """Everything that the stand-in platforms show, as a file says it."""

    def __init__(self, said: WorldFile) -> None:
        """Index a checked world file."""
        self.start = said.start.timestamp()
        self.numbers = {artist.key: n if artist.n is None else artist.n for n, artist in enumerate(said.artists)}
        self.by_number = {self.numbers[artist.key]: read_artist(artist, self.numbers) for artist in said.artists}
        pairs = [self.read_release(n if one.n is None else one.n, one) for n, one in enumerate(said.releases)]
        self.releases = {release.n: release for release, _ in pairs}
        self.by_release = {release.n: tracks for release, tracks in pairs}
        self.listed = self.index_listings()
        self.linking = self.index_links()
        self.index_ids()
        self.rows = [read_row(row, self.by_number[self.numbers[row.artist]]) for row in said.roster]
        self.events = [read_event(event, self.numbers[event.artist]) for event in said.planted]
        named = ((n, (act.name, *act.aliases, act.latin or act.name)) for n, act in self.by_number.items())
        spelled = ((n, tuple(dict.fromkeys(spellings))) for n, spellings in named)
        self.index = SearchIndex(spelled, (row.act for row in self.rows))

    def read_release(self, n: int, said: FileRelease) -> tuple[Release, tuple[Track, ...]]:
        """Read a release with its tracks."""
        credits = tuple(self.read_credit(credit) for credit in said.credits)
        tracks = tuple(self.read_track(track, credits) for track in said.tracks)
        vary = any(track.since is not None or track.until is not None for track in said.tracks)
        release = Release(
            n=n, key=said.key, title=said.title, kind=said.kind, date=said.date, upc=said.upc, label=said.label,
            p_line=said.p_line, c_line=said.c_line, cover=said.cover, genre=said.genre, explicit=said.explicit,
            track_count=len(tracks), credits=credits, on={entry.platform: read_presence(entry) for entry in said.on},
            changes=tuple(Change(change.at.timestamp(), change.field, change.value) for change in said.changes),
            tracks_vary=vary, nature=said.nature,
        )  # fmt: skip
        return release, tracks

    def read_credit(self, said: FileCredit) -> Credit:
        """Read a credit."""
        platforms = None if said.platforms is None else frozenset(said.platforms)
        return Credit(self.numbers[said.artist], said.role, said.printed, *said.window, platforms)

    def read_track(self, said: FileTrack, credits: tuple[Credit, ...]) -> Track:
        """Read a track."""
        since, until = said.window
        own = credits if said.credits is None else tuple(self.read_credit(credit) for credit in said.credits)
        return Track(
            position=said.position, title=said.title, isrc=said.isrc, duration_ms=said.duration_ms, credits=own,
            ids={str(platform): id for platform, id in said.ids.items()},
            disc=said.disc, version=said.version, explicit=said.explicit, writers=said.writers,
            since=since, until=until,
        )  # fmt: skip

    def index_listings(self) -> dict[int, list[Release]]:
        """List every act's releases."""
        listed: dict[int, list[Release]] = {n: [] for n in self.by_number}
        for release in self.releases.values():
            named = {credit.act for credit in release.credits}
            named.update(credit.act for track in self.by_release[release.n] for credit in track.credits)
            for n in sorted(named):
                listed[n].append(release)
        return listed

    def index_links(self) -> dict[str, list[Act]]:
        """List the acts whose url relations end in an id."""
        linking: dict[str, list[Act]] = {}
        for act in self.by_number.values():
            for link in act.links:
                linking.setdefault(link.url.rpartition("/")[2].removeprefix("id"), []).append(act)
        return linking

    def index_ids(self) -> None:
        """Index everything that has an id or a code."""
        self.profile_ids = {(p.platform, p.id): act for act in self.by_number.values() for p in act.profiles.values()}
        self.release_ids: dict[tuple[str, str], Release] = {}
        self.track_ids: dict[tuple[str, str], tuple[Release, Track]] = {}
        self.upcs: dict[str, list[Release]] = {}
        self.isrcs: dict[str, list[tuple[Release, Track]]] = {}
        for release in self.releases.values():
            self.upcs.setdefault(release.upc.lstrip("0"), []).append(release)
            for platform, entry in release.on.items():
                for id in filter(None, (entry.id, entry.twin)):
                    self.release_ids.setdefault((platform, id), release)
            for track in self.by_release[release.n]:
                self.isrcs.setdefault(track.isrc, []).append((release, track))
                for platform, id in track.ids.items():
                    self.track_ids[platform, id] = (release, track)

    def act(self, n: int) -> Act:
        """Give an act."""
        return self.by_number[n]

    def acts(self) -> Iterable[int]:
        """Give every act's number."""
        return self.by_number

    def find_profile(self, platform: str, id: str) -> Act | None:
        """Give the act behind a platform's profile id."""
        return self.profile_ids.get((platform, id))

    def linked_to(self, act: Act) -> Sequence[Act]:
        """Give the other acts whose url relations name one of an act's profiles."""
        found = [other for profile in act.profiles.values() for other in self.linking.get(profile.id, ())]
        return [other for other in found if other.n != act.n]

    def find_release(self, platform: str, id: str) -> Release | None:
        """Give the release behind a platform's id or twin id."""
        return self.release_ids.get((platform, id))

    def find_track(self, platform: str, id: str) -> tuple[Release, Track] | None:
        """Give the track behind a platform's id."""
        return self.track_ids.get((platform, id))

    def listings(self, act: int) -> Sequence[Release]:
        """Give every release that credits an act at any time."""
        return self.listed[act]

    def tracks(self, release: Release) -> Sequence[Track]:
        """Give a release's tracks, including those of other times."""
        return self.by_release[release.n]

    def by_upc(self, upc: str) -> Sequence[Release]:
        """Give the releases with a UPC, compared without leading zeros."""
        return self.upcs.get(upc.lstrip("0"), ())

    def by_isrc(self, isrc: str) -> Sequence[tuple[Release, Track]]:
        """Give the tracks that carry an ISRC."""
        return self.isrcs.get(isrc, ())

    def search(self, words: str, exact: bool) -> Sequence[int]:
        """Give the acts whose names answer some words, best first."""
        return self.index.search(words, exact)

    def titled(self, text: str) -> Sequence[Release]:
        """Give the releases whose titles have all of some words."""
        asked = set(words(text))
        return [release for release in self.releases.values() if asked and asked <= set(words(release.title))]

    def roster(self) -> Sequence[RosterRow]:
        """Give the monitored artists."""
        return self.rows

    def planted(self) -> Iterator[Planted]:
        """Give the attacks and their innocent twins."""
        return iter(self.events)


def read_artist(said: FileArtist, numbers: dict[str, int]) -> Act:
    """Read an artist."""
    pages: dict[str, Profile] = {
        p.platform: Profile(
            p.platform, p.id, p.name or said.name, *p.window, p.followers, p.image,
            tuple(Change(change.at.timestamp(), change.field, change.value) for change in p.changes),
        )
        for p in said.profiles
    }  # fmt: skip
    return Act(
        n=numbers[said.key], key=said.key, name=said.name, aliases=said.aliases, latin=said.latin, label=said.label,
        labels=said.labels, isrc_prefixes=said.isrc_prefixes, genre=said.genre, country=said.country, begin=said.begin,
        ended=said.ended, disambiguation=said.disambiguation, profiles=pages,
        links=tuple(Link(link.url, link.type, link.type_id, link.ended, *link.window) for link in said.links),
    )  # fmt: skip


def read_presence(said: FilePresence) -> Presence:
    """Read a release's entry on one platform."""
    hidden = tuple(Hidden(hide.market, *hide.window) for hide in said.hidden)
    markets = None if said.markets is None else frozenset(said.markets)
    return Presence(said.id, *said.window, markets, hidden, said.upc, said.twin)


def read_row(said: FileRosterRow, act: Act) -> RosterRow:
    """Read a roster row."""
    ids = {str(platform): id for platform, id in said.ids.items()}
    return RosterRow(act.n, said.name or act.name, said.aliases, said.mbid, said.labels, said.isrc_prefixes, ids)


def read_event(said: FilePlanted, artist: int) -> Planted:
    """Read the truth about an event."""
    return Planted(
        said.id, said.kind, said.scenario, artist, said.attack, said.since.timestamp(),
        tuple(map(read_binding, said.bindings)), tuple(map(read_binding, said.profiles)), said.campaign, said.note,
        said.group, *(moment.timestamp() if moment else inf for moment in (said.visible, said.swapped, said.down)),
    )  # fmt: skip


def read_binding(said: FileBinding) -> Binding:
    """Read where an event shows."""
    return Binding(said.platform, said.profile, said.release, said.track, *said.window, said.role, said.credited)


def load_world(path: Path) -> LoadedWorld:
    """Load a world from a file."""
    return LoadedWorld(read_world(path))
