"""What one answer makes worth asking next: details of new releases, pages of suspects, whose profile it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from crawler.suspicion.meeting import Likeness, Met, Names
from spiders.base import pages
from spiders.base.platform import Platform
from storage import cases, roster
from storage.facts import bindings, leads
from storage.facts.bindings import NameHit, TitleHit
from storage.facts.leads import Subject
from storage.frontier import Wanted
from storage.observations import IdentitySeen, Told
from storage.recording.record import Recorded
from storage.targets import Ask, Target

NEWS, SUSPECT, BASELINE = 2, 1, 8  # priorities


@dataclass(frozen=True, slots=True)
class Asking:
    """The platforms that are asked here, and in which market."""

    platforms: Mapping[str, type[Platform]]
    markets: Mapping[str, str]

    def about(self, platform: str, ask: Ask, subject: str, section: str = "") -> Target:
        """Name a target in this installation's market."""
        return Target(platform, ask, subject, section, self.markets.get(platform, ""))


def name_hits(connection: Connection, names: Names, told: Told, met: Met) -> list[NameHit]:
    """Find the profiles of an answer that go by a monitored name, or by one that imitates it, and are not official."""
    if not met.profiles:
        return []
    platform = told.target.platform
    facts = bindings.profiles(connection, platform, met.profiles)
    standings = bindings.standings_of(connection, [page.id for page in facts])
    artists = {likeness.artist_id for found in met.profiles.values() for likeness in found}
    official = bindings.official_ids(connection, artists, platform)
    elses = {profile_id for (profile_id, _), standing in standings.items() if standing == "official"}
    return [
        NameHit(
            artist_id=likeness.artist_id,
            artist_name=names.names[likeness.artist_id],
            met=likeness.met,
            same=likeness.same,
            kinds=likeness.kinds,
            likeness=likeness.score,
            differs=likeness.evidence,
            profile=page,
            official_elsewhere=official.get(likeness.artist_id, ()),
        )
        for page in facts
        for likeness in met.profiles[page.platform_id]
        if standings.get((page.id, likeness.artist_id)) not in ("official", "namesake") and page.id not in elses
    ]


def title_hits(connection: Connection, names: Names, told: Told, met: Met) -> list[TitleHit]:
    """Find the releases of others whose titles name a monitored artist that has no part in them."""
    if not met.releases:
        return []
    artists = {likeness.artist_id for found in met.releases.values() for _, likeness in found}
    hits = []
    for release_id, platform_id, page, owners in bindings.somebody_elses(
        connection, told.target.platform, met.releases, artists
    ):
        best: dict[int, tuple[str, Likeness]] = {}
        for quote, likeness in met.releases[platform_id]:
            known = best.get(likeness.artist_id)
            if known is None or known[1].score < likeness.score:
                best[likeness.artist_id] = (quote, likeness)
        hits += [
            TitleHit(artist_id, names.names[artist_id], found.met, found.kinds, found.score, quote, page, release_id)
            for artist_id, (quote, found) in best.items()
            if artist_id not in owners
        ]
    return hits


def details(connection: Connection, asking: Asking, told: Told, recorded: Recorded, at: datetime) -> list[Wanted]:
    """Ask for the full record of every release that a list showed for the first time, news first."""
    platform = asking.platforms[told.target.platform]
    if told.target.ask is not Ask.RELEASES or not recorded.first_listings or Ask.RELEASE not in platform.accepts:
        return []
    if platform.reference:  # its lists say all that judgement wants to know
        return []
    guests = told.target.section in platform.rare_sections
    return [
        Wanted(
            asking.about(told.target.platform, Ask.RELEASE, release_id), at, NEWS if new else BASELINE, recorded.artists
        )
        for release_id, new in leads.first_shown(connection, recorded.first_listings)
        if new or not guests
    ]


def again(asking: Asking, told: Told, recorded: Recorded, at: datetime) -> list[Wanted]:
    """Ask again what this answer made doubtful: details that are out of date, a page that is missing, its sections."""
    platform = asking.platforms[told.target.platform]
    targets = list(recorded.doubts)
    if told.target.ask is Ask.RELEASES and told.target.section not in platform.rare_sections and not platform.reference:
        targets += [asking.about(platform.name, Ask.RELEASE, release_id) for release_id in recorded.stale_details]
    return [Wanted(target, at, NEWS, recorded.artists) for target in targets if target.ask in platform.accepts]


def around_cases(asking: Asking, about: Sequence[Subject], at: datetime) -> list[Wanted]:
    """Watch what an open case is about: a suspect profile's page and lists, and whose it is; a release's record."""
    wanted = []
    for one in about:
        if not one.open or one.platform not in asking.platforms:
            continue
        if one.release_id is not None:
            found = [asking.about(one.platform, Ask.RELEASE, one.release_id)]
        else:
            found = around_profile(asking, one.platform, one.profile_id)
        wanted += [
            Wanted(t, at, SUSPECT, (one.artist_id,)) for t in found if t.ask in asking.platforms[t.platform].accepts
        ]
    return wanted


def around_profile(asking: Asking, platform: str, profile_id: str) -> list[Target]:
    """List what there is to ask about a suspect profile."""
    cls = asking.platforms[platform]
    sections = [section for section in cls.sections if section not in cls.rare_sections]
    found = [asking.about(platform, Ask.PROFILE, profile_id)]
    found += [asking.about(platform, Ask.RELEASES, profile_id, section) for section in sections]
    if not cls.reference:
        url = cls.profile_url(profile_id)
        references = [name for name, reference in asking.platforms.items() if Ask.IDENTITY in reference.accepts]
        found += [asking.about(name, Ask.IDENTITY, url) for name in references]
    return found


def namesakes(connection: Connection, seen: Sequence[IdentitySeen], at: datetime) -> list[tuple[int, str]]:
    """Find the open same-name cases whose profile a reference source gives to others, and to others only."""
    owners: dict[tuple[str, str], dict[str, str]] = {}
    for identity in seen:
        for page in pages.profiles_of(identity.url):
            owners.setdefault(page, {})[identity.artist_id] = identity.artist_name
    settled = []
    for (platform, profile_id), artists in owners.items():
        known = leads.page_of(connection, platform, profile_id)
        if known is None:
            continue
        row_id, name = known
        for case_id, artist_id, _ in cases.open_about_profiles(connection, [row_id]):
            if bindings.mbid_of(connection, artist_id) in (None, *artists):
                continue
            note = "the profile belongs to " + ", ".join(f"{owner} ({mbid})" for mbid, owner in artists.items())
            said = roster.Standing(artist_id, platform, profile_id, "namesake", "musicbrainz", name, note)
            roster.keep_standings(connection, [said], at)
            settled.append((case_id, note))
    return settled
