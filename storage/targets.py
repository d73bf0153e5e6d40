"""What we ask a platform: one value type for every question, and the vocabulary of questions."""

from dataclasses import dataclass, field
from enum import StrEnum


class Ask(StrEnum):
    """The kinds of question; each platform says which of them it can answer."""

    SEARCH = "search"  # subject: a name; answer: the profiles that a listener would be shown
    PROFILE = "profile"  # subject: a profile id; answer: the profile's own facts (and links)
    RELEASES = "releases"  # subject: a profile id; answer: what its page lists, one section at a time
    RELEASE = "release"  # subject: a release id; answer: the release's facts and its tracks
    UPC = "upc"  # subject: a barcode as printed; answer: releases that carry it
    ISRC = "isrc"  # subject: a normalised ISRC; answer: tracks (and releases) that carry it
    IDENTITY = "identity"  # subject: a profile's public URL; answer: whose profile a reference source says it is


@dataclass(frozen=True, slots=True)
class Target:
    """One question to one platform.

    `section` is a part of a profile's list that the platform keeps as a list of its own (Spotify's include_group).
    The rest are hints from the store and no part of the identity: `resume` is where an interrupted walk goes on,
    `whole` forbids an early stop, `known` are the release ids that an early stop may rely on, `token` is the claim's.
    """

    platform: str
    ask: Ask
    subject: str
    section: str = ""
    market: str = ""
    id: int = field(default=0, compare=False)
    resume: str | None = field(default=None, compare=False)
    whole: bool = field(default=True, compare=False)
    known: frozenset[str] = field(default=frozenset(), compare=False)
    token: str = field(default="", compare=False, repr=False)

    def __str__(self) -> str:
        """Name the target in one word for logs and messages."""
        parts = [self.platform, self.ask.value, self.subject, self.section, self.market]
        return ":".join(part for part in parts if part)
