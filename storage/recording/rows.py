"""Turns what one look said into rows: cleaned, merged where the look said a thing twice, keyed by the platform's ids.

A row is a tuple of what was told, None where this look did not say. What is folded or parsed from it is derived later,
and only for rows that turn out to be new or changed.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

from storage import normalize
from storage.normalize import ID, LINE, LINK, NAME, URL, clean_text
from storage.observations import (
    Absent,
    AiSeen,
    CreditSeen,
    IdentitySeen,
    Observation,
    OddRow,
    ProfileSeen,
    ProviderSeen,
    Redirected,
    ReleaseSeen,
    TrackSeen,
)

Told = tuple[Any, ...]
Holder = tuple[str, str | None]  # release id, and track id where a track holds it
SMALL, WHOLE, BIG = 2**15 - 1, 2**31 - 1, 2**63 - 1
MEMO_UP_TO = 200  # characters; shorter than every limit, so that clean is clean for every field


class Unfolded:
    """The rows of one look, by table."""

    def __init__(self, section: str = "") -> None:
        """Start empty; `section` is the part of a page that was asked."""
        self.profiles: dict[str, Told] = {}
        self.stubs: dict[str, str] = {}  # names as credited, for profiles that were only mentioned
        self.links: dict[tuple[str, str, str], Told] = {}
        self.releases: dict[str, Told] = {}
        self.lines: dict[str, dict[tuple[str, str], Told]] = {}
        self.tracks: dict[str, dict[str, Told]] = {}
        self.credits: dict[Holder, dict[tuple[str, str], Told]] = {}
        self.market_sets: dict[str, int] = {}  # JSON of the countries -> how many
        self.disclosures: dict[Holder, dict[str, Told]] = {}
        self.listings: dict[tuple[str, str], str | None] = {}  # (profile, release) -> section
        self.linked: set[str] = set()  # profiles that told all their links
        self.named: dict[str, int | None] = {}
        self.redirects: list[tuple[str, str]] = []
        self.odd: list[OddRow] = []
        self.faults: dict[tuple[str, object], list[str]] = {}
        self._section = section
        self._dirty: list[str] = []
        self._clean: dict[str, str] = {}
        self._sets: dict[tuple[str, ...], str] = {}
        self._readers: dict[type, Callable[[Any], None]] = {
            ProfileSeen: self._profile,
            ReleaseSeen: self._release,
            TrackSeen: self._track,
            IdentitySeen: self._identity,
            Redirected: self._redirect,
            Absent: lambda _: None,
            OddRow: self.odd.append,
        }

    def take(self, observations: Sequence[Observation]) -> None:
        """Unfold what was observed, in its order."""
        for observation in observations:
            self._readers[type(observation)](observation)

    def faults_of(self, table: str, key: object) -> list[str]:
        """Return what had to be cleaned in a row."""
        return self.faults.get((table, key), [])

    # --- observations -------------------------------------------------------------------------------------------

    def _profile(self, seen: ProfileSeen) -> None:
        text, number = self._text, self._number
        key = text(seen.id, "id", ID)
        row = (
            text(seen.name, "name"),
            text(seen.url, "url", URL),
            text(seen.image_url, "image_url", URL),
            number(seen.followers, "followers", BIG),
            number(seen.release_count, "release_count", WHOLE),
            self._words(seen.genres, "genres"),
            self._words(seen.aliases, "aliases"),
            text(seen.country, "country"),
            text(seen.disambiguation, "disambiguation"),
            text(seen.began, "began"),
            text(seen.ended, "ended"),
            text(seen.owner, "owner", ID),
            self._providers(seen.providers),
        )
        self._keep(self.profiles, key, row, "profile")
        if seen.position is not None:
            self.named.setdefault(key, number(seen.position, "position", WHOLE))
        else:
            self.named.setdefault(key, None)
        if seen.links is not None:
            self.linked.add(key)
        for link in seen.links or ():
            self._link(key, link.url, link.type_id, link.ended)

    def _identity(self, seen: IdentitySeen) -> None:
        key = self._text(seen.artist_id, "id", ID)
        self._keep(self.profiles, key, (self._text(seen.artist_name, "name"), *(None,) * 12), "profile")
        self._link(key, seen.url, seen.type_id, seen.ended)

    def _link(self, profile: str, url: str, type_id: str, ended: bool) -> None:
        key = (profile, self._text(url, "url", LINK), self._text(type_id, "type_id", ID))
        self._keep(self.links, key, (ended,), "profile_link")

    def _release(self, seen: ReleaseSeen) -> None:
        text = self._text
        key = text(seen.id, "id", ID)
        row = (
            text(seen.title, "title"),
            text(seen.kind, "kind"),
            text(seen.status, "status"),
            text(seen.date, "date"),
            text(seen.upc, "upc"),
            text(seen.url, "url", URL),
            text(seen.cover_url, "cover_url", URL),
            self._number(seen.track_count, "track_count", WHOLE),
            seen.explicit,
            self._words(seen.genres, "genres"),
            text(seen.added, "added", ID),
            self._markets(seen.markets),
        )
        self._keep(self.releases, key, row, "release")
        if seen.lines is not None:
            told = self.lines.setdefault(key, {})
            for line in seen.lines:
                kind, words = text(line.kind, "kind", ID), text(line.text, "text", LINE)
                if words.strip():
                    self._keep(told, (kind, words), (), "release_line", (key, kind, words))
        if seen.credits is not None:
            self._credits((key, None), seen.credits)
        if seen.ai is not None:
            self._disclosure((key, None), seen.ai)
        if seen.listed_on is not None:
            page = text(seen.listed_on, "listed_on", ID)
            self.stubs.setdefault(page, "")
            self.listings[page, key] = text(seen.section or self._section, "section", ID) or None
        self._dirty.clear()

    def _track(self, seen: TrackSeen) -> None:
        text, number = self._text, self._number
        release, key = text(seen.release_id, "release_id", ID), text(seen.id, "id", ID)
        if release not in self.releases:
            self.releases[release] = (None,) * 12
        row = (
            text(seen.title, "title"),
            text(seen.version, "version"),
            number(seen.disc, "disc", SMALL),
            number(seen.position, "position", WHOLE),
            number(seen.duration_ms, "duration_ms", WHOLE),
            text(seen.isrc, "isrc", ID),
            seen.explicit,
            text(seen.url, "url", URL),
            self._markets(seen.markets),
        )
        self._keep(self.tracks.setdefault(release, {}), key, row, "track", (release, key))
        if seen.credits is not None:
            self._credits((release, key), seen.credits)
        if seen.ai is not None:
            self._disclosure((release, key), seen.ai)

    def _credits(self, holder: Holder, credits: Sequence[CreditSeen]) -> None:
        text = self._text
        rows = self.credits.setdefault(holder, {})
        clean, stubs = self._clean.get, self.stubs
        for position, credit in enumerate(credits):
            name = clean(credit.name) or text(credit.name, "name")
            role = clean(credit.role) or text(credit.role, "role", ID)
            profile = credit.profile_id
            if profile is None:
                who = "name:" + normalize.name_key(name)
            else:
                who = profile = clean(profile) or text(profile, "profile_id", ID)
                if not stubs.get(who):
                    stubs[who] = name
            row = (position if position < SMALL else SMALL, name, profile)
            if self._dirty:
                self.faults[("credit", (holder, who, role))] = self._dirty
                self._dirty = []
            rows.setdefault((who, role), row)

    def _disclosure(self, holder: Holder, ai: AiSeen) -> None:
        field, value = self._text(ai.field, "field", ID), self._text(ai.value, "value", ID)
        self._keep(self.disclosures.setdefault(holder, {}), field, (value,), "ai_disclosure", (holder, field))

    def _redirect(self, seen: Redirected) -> None:
        self.redirects.append((self._text(seen.asked, "asked", ID), self._text(seen.got, "got", ID)))

    # --- values -------------------------------------------------------------------------------------------------

    def _keep(self, rows: dict[Any, Told], key: object, row: Told, table: str, fault_key: object = None) -> None:
        """Put a row; where the look said it before, what was said later counts, and nothing said is lost."""
        before = rows.get(key)
        if before is not None and before != row:
            row = tuple(old if new is None else new for old, new in zip(before, row, strict=True))
        rows[key] = row
        if self._dirty:
            self.faults.setdefault((table, key if fault_key is None else fault_key), []).extend(self._dirty)
            self._dirty = []

    def _text(self, value: str | None, field: str, longest: int = NAME) -> Any:
        if value is None:
            return None
        clean = self._clean.get(value)
        if clean is not None:
            return clean
        clean, faults = clean_text(value, longest)
        if faults:
            self._dirty.append(f"{field}: {', '.join(faults)}")
        elif len(value) <= MEMO_UP_TO:
            self._clean[value] = clean
        return clean

    def _number(self, value: int | None, field: str, largest: int) -> int | None:
        if value is None or -largest <= value <= largest:
            return value
        self._dirty.append(f"{field}: a number too large to keep")
        return None

    def _words(self, words: tuple[str, ...] | None, field: str) -> str | None:
        if words is None:
            return None
        return json.dumps([self._text(word, field) for word in words], ensure_ascii=False)

    def _providers(self, providers: tuple[ProviderSeen, ...] | None) -> str | None:
        if providers is None:
            return None
        told = [[self._text(one.name, "provider"), self._number(one.tracks, "tracks", BIG)] for one in providers]
        return json.dumps(told, ensure_ascii=False)

    def _markets(self, countries: tuple[str, ...] | None) -> str | None:
        """Write a set of markets as it is stored, once for everything that has the same."""
        if countries is None:
            return None
        known = self._sets.get(countries)
        if known is None:
            named = sorted({self._text(country, "country", ID) for country in countries})
            known = self._sets[countries] = json.dumps(named, ensure_ascii=False, separators=(",", ":"))
            self.market_sets[known] = len(named)
        return known
