"""What the scenarios add to and change in one block of fifty monitored artists."""

from dataclasses import dataclass, field
from functools import cached_property

from sandbox.world import Act, Link, Planted, Profile, Release, Track


@dataclass
class Plan:
    """Extra acts, extra releases and revised releases of a block."""

    acts: dict[int, Act] = field(default_factory=dict)
    releases: dict[int, Release] = field(default_factory=dict)
    tracks: dict[int, tuple[Track, ...]] = field(default_factory=dict)
    revised: dict[int, Release] = field(default_factory=dict)
    passed: dict[int, str] = field(default_factory=dict)
    nicknames: dict[int, str] = field(default_factory=dict)
    faces: dict[int, str] = field(default_factory=dict)
    pages: dict[int, dict[str, Profile]] = field(default_factory=dict)
    linked: dict[int, list[Link]] = field(default_factory=dict)
    unlinked: dict[int, list[tuple[str, float]]] = field(default_factory=dict)
    planted: list[Planted] = field(default_factory=list)

    @cached_property
    def by_act(self) -> dict[int, list[Release]]:
        """The extra releases by each act that they credit, on the release or on a track."""
        result: dict[int, list[Release]] = {}
        for release in self.releases.values():
            credits = {credit.act for credit in release.credits}
            credits.update(credit.act for track in self.tracks[release.n] for credit in track.credits)
            for act in sorted(credits):
                result.setdefault(act, []).append(release)
        for release in self.revised.values():
            known = {credit.act for credit in release.credits}
            for act in sorted({c.act for track in self.tracks.get(release.n, ()) for c in track.credits} - known):
                result.setdefault(act, []).append(release)
        return result

    @cached_property
    def by_upc(self) -> dict[str, list[Release]]:
        """The extra releases by UPC."""
        result: dict[str, list[Release]] = {}
        for release in self.releases.values():
            result.setdefault(release.upc, []).append(release)
        return result

    @cached_property
    def by_isrc(self) -> dict[str, list[tuple[Release, Track]]]:
        """The extra tracks by ISRC, those within revised releases included."""
        result: dict[str, list[tuple[Release, Track]]] = {}
        for n, tracks in self.tracks.items():
            for track in tracks:
                result.setdefault(track.isrc, []).append((self.releases.get(n) or self.revised[n], track))
        return result
