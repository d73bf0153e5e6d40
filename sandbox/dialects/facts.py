"""What the synthetic world must know of a platform, and which platforms there are: every folder here with a facts.py.

Nothing else in the sandbox lists platforms. Those whose chances are drawn `apart` leave the others' world as it is.
"""

import importlib
import pkgutil
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import sandbox.dialects

if TYPE_CHECKING:
    from sandbox.dialects.answer import Dialect
    from sandbox.world import World


@dataclass(frozen=True, slots=True)
class Facts:
    """One platform as the world's makers see it."""

    name: str
    ids: str = "decimal"  # or base62, base64url, handle, host, item, uuid
    ids_of: str = ""  # the platform whose ids are these, too
    one_id_space: bool = False  # a look-up does not say what kind of id it asks for, so that no two kinds share one
    page: str = ""  # the address of a profile as MusicBrainz keeps it, with {id}
    link: tuple[str, str] = ("", "")  # the url relation that leads there: its name and type id
    share: float = 0.9  # of the acts that have a page there
    carried: float = 0.95  # of their releases that come there
    delay: tuple[float, float] = (0.0, 1.5)  # days until a release is there
    lag: float = 0.5  # days until a planted one is
    twin_every: int = 0  # one release of so many stands there under a second id
    longest_list: int = 0  # a longer list ends silently; 0: none does
    pictures: bool = True  # it shows a page's picture
    reference: bool = False  # editors list releases there, nobody uploads
    order: int = 100
    apart: bool = True  # its chances are drawn apart

    @property
    def id_shape(self) -> re.Pattern[str]:
        """The shape of its ids."""
        return SHAPES[self.ids]

    def address(self, id: str) -> str:
        """Give a profile's address."""
        return self.page.replace("{id}", id)


SHAPES = {
    "decimal": re.compile(r"[1-9][0-9]{0,17}"),
    "base62": re.compile(r"[0-9A-Za-z]{22}"),
    "base64url": re.compile(r"UC[-_0-9A-Za-z]{21}[AQgw]|[-_0-9A-Za-z]{11}"),
    "handle": re.compile(r"user-[1-9][0-9]*|soundcloud:tracks:[1-9][0-9]*"),
    "host": re.compile(r"b[1-9][0-9]*|r([1-9][0-9]*)\.bandcamp\.com/album/r\1|[1-9][0-9]*"),
    "item": re.compile(r"Q[1-9][0-9]{0,17}"),
    "uuid": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
}


@cache
def every() -> dict[str, Facts]:
    """Find the platforms, in their order."""
    folders = [m.name for m in pkgutil.iter_modules(sandbox.dialects.__path__) if m.ispkg]
    found: list[Facts] = [importlib.import_module(f"sandbox.dialects.{name}.facts").FACTS for name in folders]
    return {facts.name: facts for facts in sorted(found, key=lambda facts: (facts.order, facts.name))}


def of(name: str) -> Facts:
    """Give a platform's facts."""
    return every()[name]


def maker(name: str) -> Callable[["World", str, str], "Dialect"]:
    """Find the function that sets up a platform's dialect: make(world, capability, country)."""
    made: Callable[[World, str, str], Dialect] = importlib.import_module(f"sandbox.dialects.{name}.dialect").make
    return made
