"""How a scenario is declared: a function that plays it, with its name, class and golden number."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.planted.stage import Role

Play = Callable[..., None]


@dataclass(frozen=True)
class Scenario:
    """Something that befalls one or several monitored artists."""

    role: Role
    play: Play
    leads: int = 1

    @property
    def name(self) -> str:
        """The kind of event, as the truth names it."""
        return self.role.kind

    @property
    def story(self) -> str:
        """What happens, in one sentence."""
        return (self.play.__doc__ or "").partition("\n")[0]


def attack(group: str, golden: str = "", leads: int = 1) -> Callable[[Play], Scenario]:
    """Declare an attack of a class, and which golden scenario it is."""
    return lambda play: Scenario(Role(play.__name__, group, golden, True), play, leads)


def twin(golden: str = "", leads: int = 1) -> Callable[[Play], Scenario]:
    """Declare an innocent twin, and of which golden scenario."""
    return lambda play: Scenario(Role(play.__name__, "", golden, False), play, leads)
