"""What may concern somebody, and the rules that say whom. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

ABOUT = ("cases", "trouble", "all")
AT_ONCE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Concern:
    """Something that holds now and that a person may need to hear of."""

    key: str  # case:17, campaign:3, deadline:5, lane:deezer, stale:deezer, ...
    subject: str
    lines: tuple[str, ...]
    occasion: str = ""  # of cases: grows when one reopens or returns; trouble is counted by the store
    about: str = "cases"
    kind: str = ""
    artist_id: int | None = None
    tags: frozenset[str] = frozenset()
    platforms: frozenset[str] = frozenset()
    score: float = 1.0
    patience: timedelta = AT_ONCE  # how long it must hold before it is told


@dataclass(frozen=True, slots=True)
class Rule:
    """Who wants to hear of what, where, and when."""

    id: int
    name: str
    destination: str
    made_at: datetime
    about: str = "all"
    artist_id: int | None = None
    tag: str = ""
    platform: str = ""
    kind: str = ""
    least: float = 0.0
    daily_at: str = ""
    quiet_from: str = ""
    quiet_to: str = ""
    zone: str = "UTC"

    @property
    def is_digest(self) -> bool:
        """Tell whether it wants one page a day, and nothing at once."""
        return bool(self.daily_at)


def concerns(rule: Rule, one: Concern) -> bool:
    """Tell whether a rule asks for this."""
    if rule.about not in ("all", one.about):
        return False
    if rule.platform and rule.platform not in one.platforms:
        return False
    if one.about == "trouble":
        return True
    return (
        (rule.artist_id is None or rule.artist_id == one.artist_id)
        and (not rule.tag or rule.tag in one.tags)
        and (not rule.kind or rule.kind == one.kind)
        and one.score >= rule.least
    )
