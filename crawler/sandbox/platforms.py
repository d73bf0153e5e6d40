"""All the stand-in platforms of one world, with their limits."""

from dataclasses import dataclass

from crawler.sandbox.answer import Dialect
from crawler.sandbox.deezer import Deezer
from crawler.sandbox.itunes import Itunes
from crawler.sandbox.limits import Limiter
from crawler.sandbox.musicbrainz import MusicBrainz
from crawler.sandbox.spotify import Spotify
from crawler.sandbox.world import World


@dataclass
class Standing:
    """A dialect behind its limits."""

    dialect: Dialect
    limiter: Limiter


def stand_ins(world: World, capability: str, country: str) -> dict[str, Standing]:
    """Set up every platform."""
    dialects: list[Dialect] = [Deezer(world, country), Itunes(world), Spotify(world, capability), MusicBrainz(world)]
    return {dialect.name: Standing(dialect, Limiter(dialect.rules)) for dialect in dialects}
