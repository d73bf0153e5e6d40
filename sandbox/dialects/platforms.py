"""All the stand-in platforms of one world, with their limits."""

from dataclasses import dataclass

from sandbox.dialects import facts
from sandbox.dialects.answer import Dialect
from sandbox.dialects.limits import Limiter
from sandbox.world import World


@dataclass
class Standing:
    """A dialect behind its limits."""

    dialect: Dialect
    limiter: Limiter


def stand_ins(world: World, capability: str, country: str) -> dict[str, Standing]:
    """Set up every platform that has a folder here."""
    made = {name: facts.maker(name)(world, capability, country) for name in facts.every()}
    return {name: Standing(dialect, Limiter(dialect.rules)) for name, dialect in made.items()}
