"""Who is named on a release or track on a platform, and what a platform finds by words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.world import Act, Credit, Presence, Profile, Release, Track, World, at, credits_at, tracks_at

FIELD = re.compile(r'(\w+):(?:"([^"]*)"|(\S+))')


@dataclass(frozen=True, slots=True)
class Party:
    """An act under the profile and the name that a platform shows."""

    act: int
    role: str
    profile: Profile
    name: str


def parties(world: World, credits: Iterable[Credit], platform: str, now: float) -> list[Party]:
    """Give who is named, as the platform binds them; acts without a page there are left out."""
    named = []
    for credit in credits_at(credits, platform, now):
        kept = world.act(credit.act).profiles.get(platform)
        if kept:
            profile = at(kept, now)
            named.append(Party(credit.act, credit.role, profile, credit.printed or profile.name))
    return named


def found_profiles(
    world: World, platform: str, words: str, now: float, exact: bool = False
) -> list[tuple[Act, Profile]]:
    """Give the profiles that a name search finds, best first."""
    acts = (world.act(n) for n in world.search(words, exact))
    pairs = [(act, at(act.profiles[platform], now)) for act in acts if platform in act.profiles]
    return [(act, profile) for act, profile in pairs if profile.is_up(now)]


def shown(
    world: World, act: int, platform: str, market: str, now: float, roles: tuple[str, ...]
) -> list[tuple[Release, Presence]]:
    """Give the releases that name an act in one of some roles and can be seen in a market."""
    result = []
    for release in world.listings(act):
        entry = release.on.get(platform)
        if entry and entry.is_up(market, now) and plays(release, act, platform, now, roles):
            result.append((release, entry))
    return result


def upload(world: World, platform: str, id: str, now: float) -> tuple[Release, Track] | None:
    """Find an upload where every track is one: a release's first one bears the release's id."""
    release, found = world.find_release(platform, id), world.find_track(platform, id)
    if release is not None:
        track = next((t for t in tracks_at(world, release, now) if t.position == 1), None)
    else:
        release, track = found if found is not None and found[1].position > 1 else (None, None)
    if release is None or track is None or not track.since <= now < track.until:
        return None
    entry = release.on.get(platform)
    return (release, track) if entry is not None and entry.since <= now < entry.until else None


def plays(release: Release, act: int, platform: str, now: float, roles: tuple[str, ...]) -> bool:
    """Tell whether a release itself names an act in one of some roles."""
    return any(credit.act == act and credit.role in roles and credit.holds(platform, now) for credit in release.credits)


def asked_fields(query: str) -> tuple[dict[str, str], str]:
    """Split a search into its fields and its free words."""
    fields = {match[1].lower(): match[2] if match[2] is not None else match[3] for match in FIELD.finditer(query)}
    return fields, FIELD.sub("", query).strip()
