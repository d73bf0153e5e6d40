"""What an answer makes worth asking next: details of new releases, pages of suspects, whose profile it is. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from spiders.base.platform import Platform
from storage.facts.values import Event
from storage.frontier import Wanted
from storage.recording.record import Recorded
from storage.targets import Ask, Target

NEWS, SUSPECT, NEARBY, BASELINE = 2, 1, 6, 8  # priorities


@dataclass(frozen=True, slots=True)
class Asking:
    """The platforms that are asked here, and in which market; in a second one what has an open case."""

    platforms: Mapping[str, type[Platform]]
    markets: Mapping[str, str]
    second: str = ""

    def about(self, platform: str, ask: Ask, subject: str, section: str = "") -> Target:
        """Name a target in this installation's market."""
        return Target(platform, ask, subject, section, self.markets.get(platform, ""))

    def lists(self, platform: str, profile_id: str) -> list[Target]:
        """Name the lists of a page that are short enough to be read often."""
        cls = self.platforms[platform]
        often = (section for section in cls.sections if section not in cls.rare_sections)
        return [self.about(platform, Ask.RELEASES, profile_id, section) for section in often]

    def is_second(self, asked: Target) -> bool:
        """Tell whether a question was put in the second market: it says what is offered there, and no more."""
        return bool(self.second) and asked.market == self.second != self.markets.get(asked.platform)

    def elsewhere(self, platform: str, profile_id: str) -> list[Target]:
        """Name a page's lists in the second market, where the platform tells the same of a release in both."""
        cls = self.platforms[platform]
        here = self.markets.get(platform, "")
        if not self.second or self.second == here or not (cls.markets_agree and Ask.RELEASES in cls.accepts):
            return []
        return [replace(one, market=self.second) for one in self.lists(platform, profile_id)]

    @property
    def references(self) -> frozenset[str]:
        """Name the sources that say who is who and host no music."""
        return frozenset(name for name, cls in self.platforms.items() if cls.reference)


def details(
    asking: Asking, asked: Target, first_shown: Sequence[tuple[str, bool]], artists: tuple[int, ...], at: datetime
) -> list[Wanted]:
    """Ask for the full record of every release that a list or a search showed for the first time, news first."""
    platform = asking.platforms[asked.platform]
    asks = (Ask.RELEASES, Ask.SEARCH)
    if asked.ask not in asks or Ask.RELEASE not in platform.accepts or asking.is_second(asked):
        return []
    if platform.reference:  # its lists say all that judgement wants to know
        return []
    guests = asked.section in platform.rare_sections
    return [
        Wanted(asking.about(asked.platform, Ask.RELEASE, release_id), at, NEWS if new else BASELINE, artists)
        for release_id, new in first_shown
        if new or not guests
    ]


def again(asking: Asking, asked: Target, recorded: Recorded, at: datetime) -> list[Wanted]:
    """Ask again what this answer made doubtful: details that are out of date, a page that is missing, its sections."""
    platform = asking.platforms[asked.platform]
    targets = list(recorded.doubts)
    listed = asked.ask is Ask.RELEASES and asked.section not in platform.rare_sections
    if listed and not platform.reference and not asking.is_second(asked):
        targets += [asking.about(platform.name, Ask.RELEASE, release_id) for release_id in recorded.stale_details]
    return [Wanted(target, at, NEWS, recorded.artists) for target in targets if target.ask in platform.accepts]


def around(asking: Asking, event: Event, at: datetime) -> list[Wanted]:
    """Watch what a case is about: suspect pages with their lists and whose they are; a release's record."""
    found: list[Target] = []
    for finding in event.findings:
        platform = finding.page.platform
        if platform not in asking.platforms:
            continue
        if finding.platform_id is not None:
            found.append(asking.about(platform, Ask.RELEASE, finding.platform_id))
            found += asking.elsewhere(platform, finding.page.platform_id)
        else:
            found += around_profile(asking, platform, finding.page.platform_id)
    answerable = [one for one in dict.fromkeys(found) if one.ask in asking.platforms[one.platform].accepts]
    return [Wanted(one, at, SUSPECT, (event.artist.id,)) for one in answerable]


def nearby(
    asking: Asking, asked: Target, profile_ids: Sequence[str], artists: tuple[int, ...], at: datetime
) -> list[Wanted]:
    """Ask what stands on pages that a search for the name began to show though their own names imitate none."""
    platform = asking.platforms[asked.platform]
    if Ask.RELEASES not in platform.accepts:
        return []
    targets = (one for profile_id in profile_ids for one in asking.lists(platform.name, profile_id))
    return [Wanted(one, at, NEARBY, artists) for one in targets]


def leaders(asking: Asking, event: Event, at: datetime) -> list[Wanted]:
    """Ask who leads a release that carries the artist's name, where nothing is known of them."""
    unknown = [page for page in event.leaders if page.followers is None and page.platform in asking.platforms]
    return [
        Wanted(asking.about(page.platform, Ask.PROFILE, page.platform_id), at, NEARBY, (event.artist.id,))
        for page in unknown
        if Ask.PROFILE in asking.platforms[page.platform].accepts
    ]


def around_profile(asking: Asking, platform: str, profile_id: str) -> list[Target]:
    """List what there is to ask about a suspect profile."""
    cls = asking.platforms[platform]
    found = [asking.about(platform, Ask.PROFILE, profile_id), *asking.lists(platform, profile_id)]
    if not cls.reference:
        url = cls.profile_url(profile_id)
        references = [name for name, reference in asking.platforms.items() if Ask.IDENTITY in reference.accepts]
        found += [asking.about(name, Ask.IDENTITY, url) for name in references]
    return found
