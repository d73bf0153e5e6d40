"""All the stand-in platforms of one world, with their limits."""

from dataclasses import dataclass

from sandbox.dialects.answer import Dialect
from sandbox.dialects.deezer.dialect import Deezer
from sandbox.dialects.itunes.dialect import Itunes
from sandbox.dialects.limits import Limiter
from sandbox.dialects.musicbrainz.dialect import MusicBrainz
from sandbox.dialects.spotify.dialect import Spotify
from sandbox.world import World


@dataclass
class Standing:
    """A dialect behind its limits."""

    dialect: Dialect
    limiter: Limiter


def stand_ins(world: World, capability: str, country: str) -> dict[str, Standing]:
    """Set up every platform."""
    dialects: list[Dialect] = [Deezer(world, country), Itunes(world), Spotify(world, capability), MusicBrainz(world)]
    return {dialect.name: Standing(dialect, Limiter(dialect.rules)) for dialect in dialects}
