"""Pages that this worker judged already and that look as they did: a search shows the same ones day after day."""

from dataclasses import dataclass, field, replace

from crawler.suspicion.meeting import Met
from storage.observations import ProfileSeen, Told

REMEMBERED = 200_000

Look = tuple[object, ...]


@dataclass(slots=True)
class SeenPages:
    """How each page looked when it was last judged, by platform and id; forgotten with the worker."""

    _looks: dict[tuple[str, str], Look] = field(default_factory=dict)

    def news(self, told: Told, met: Met) -> Met:
        """Leave out the met pages that look as they did when they were judged."""
        if not met.profiles:
            return met
        platform, looks = told.target.platform, _looks(told)
        fresh = {
            profile_id: found
            for profile_id, found in met.profiles.items()
            if looks.get(profile_id) is None or self._looks.get((platform, profile_id)) != looks[profile_id]
        }
        return replace(met, profiles=fresh)

    def judged(self, told: Told, met: Met) -> None:
        """Remember how the pages look that were judged with a look."""
        looks = _looks(told)
        if len(self._looks) > REMEMBERED:
            self._looks.clear()
        for profile_id in met.profiles:
            if profile_id in looks:
                self._looks[told.target.platform, profile_id] = looks[profile_id]

    def forget(self) -> None:
        """Judge every page anew: names or standings changed."""
        self._looks.clear()


def _looks(told: Told) -> dict[str, Look]:
    """Say how pages look; followers count by their order of magnitude."""
    return {
        o.id: (o.name, o.url, o.image_url, o.release_count, len(str(o.followers or 0)), o.country, o.disambiguation)
        for o in told.observations
        if isinstance(o, ProfileSeen)
    }
