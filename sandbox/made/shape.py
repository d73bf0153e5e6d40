"""How a generated world is laid out: which number is which act, and what that makes their ids.

0 .. people              everybody, every 40th or so of them monitored
people .. people+crew    24 numbers per monitored artist for impostors and namesakes
people+crew              Various Artists
"""

from dataclasses import dataclass
from functools import cached_property
from random import Random

from sandbox.made.codes import Codes
from sandbox.made.ids import IdShape
from sandbox.made.scenes import LANGUAGES, RING, SCENE, Scenes
from sandbox.made.tongues import TONGUES
from sandbox.made.tongues.tongue import Tongue
from sandbox.world import PLATFORMS

SLOTS = 512
POSITIONS = 64
CREW = 24
PEOPLE_PER_MONITORED = 40
BLOCK = 50
SAMPLER_GROUP = 20
SAMPLERS = 8


@dataclass(frozen=True)
class Shape:
    """Seed, size and start of a world, and the arithmetic that follows from them."""

    seed: int
    scale: float
    start: float

    @cached_property
    def monitored(self) -> int:
        """How many artists are monitored."""
        return max(1, round(50 * self.scale))

    @cached_property
    def people(self) -> int:
        """How many ordinary acts there are."""
        return self.monitored * PEOPLE_PER_MONITORED

    @cached_property
    def various(self) -> int:
        """The number of Various Artists."""
        return self.people + self.monitored * CREW

    @cached_property
    def ids(self) -> dict[tuple[str, str], IdShape]:
        """Every kind of id, by platform and kind."""
        releases = (self.various + 1) * SLOTS + self.people
        sizes = {"artist": self.various, "album": releases, "twin": releases, "track": releases * POSITIONS}
        return {
            (platform, kind): IdShape(platform, kind, self.seed, size)
            for platform in PLATFORMS
            for kind, size in sizes.items()
        }

    @cached_property
    def scenes(self) -> Scenes:
        """Which scene lies in which country."""
        return Scenes(self.seed * 7 % len(RING))

    @cached_property
    def codes(self) -> Codes:
        """Who issued which code to whom."""
        return Codes(self.seed, self.various, self.scenes)

    def country(self, n: int) -> str:
        """Give the country of an act's scene."""
        return self.scenes.country(n // SCENE)

    def tongue(self, n: int) -> Tongue:
        """Give the language of an act's scene."""
        return TONGUES[LANGUAGES[self.country(n)]]

    @cached_property
    def monitored_acts(self) -> list[int]:
        """The act numbers of the monitored artists, in roster order."""
        rng = Random(f"{self.seed}/monitored")
        return [m * PEOPLE_PER_MONITORED + rng.randrange(PEOPLE_PER_MONITORED) for m in range(self.monitored)]

    def ordinal(self, n: int) -> int | None:
        """Give a monitored act's place in the roster."""
        m = n // PEOPLE_PER_MONITORED
        return m if m < self.monitored and self.monitored_acts[m] == n else None

    def crew(self, m: int, j: int) -> int:
        """Give the number of one of the extra acts around a monitored artist."""
        return self.people + m * CREW + j

    def patron(self, n: int) -> int | None:
        """Give the roster place of the artist around whom an extra act exists."""
        return (n - self.people) // CREW if self.people <= n < self.various else None

    def rng(self, kind: str, n: int) -> Random:
        """Give the source of chance for one thing in the world."""
        return Random(f"{self.seed}/{kind}/{n}")

    def sampler(self, group: int, edition: int) -> int:
        """Give the release number of a sampler of twenty neighbouring acts."""
        return (self.various + 1) * SLOTS + group * SAMPLERS + edition

    def read_sampler(self, release: int) -> tuple[int, int] | None:
        """Give group and edition of a sampler's release number."""
        place = release - (self.various + 1) * SLOTS
        return divmod(place, SAMPLERS) if 0 <= place < self.people // SAMPLER_GROUP * SAMPLERS else None
