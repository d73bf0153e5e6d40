"""How real a world is: the table of base rates and the signs of attacks, measured on a world beside the real figures.

The same questions as the tables of real catalogues ask: each release against all earlier ones of the same artist, at
least five of which carry the field; own releases unless said; monitored artists.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from sandbox.generate import GeneratedWorld
from sandbox.world import Release

LEAST = 5
HUGE = 200  # the one catalogue of a block that only tests the cuts of long lists
WORD = re.compile(r"\w+")
PLAIN = {"records", "recordings", "music", "the", "a", "of", "ltd", "group", "sound", "discs", "audio", "editions"}


@dataclass(frozen=True)
class Seen:
    """What one release of one artist shows."""

    release: Release
    day: float
    label: str
    p_line: str
    registrants: frozenset[str]
    years: tuple[int, ...]
    company: str
    others: frozenset[int]


@dataclass
class Count:
    """How often something was so, of how many."""

    yes: int = 0
    of: int = 0

    def add(self, so: bool) -> None:
        """Count one."""
        self.yes, self.of = self.yes + so, self.of + 1


@dataclass
class Rates:
    """Everything counted."""

    counts: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    weekdays: Counter[int] = field(default_factory=Counter)
    labels: list[int] = field(default_factory=list)
    registrants: list[int] = field(default_factory=list)
    top: list[float] = field(default_factory=list)


def words(text: str) -> set[str]:
    """The words of a label that tell something; all of them when none does."""
    found = set(WORD.findall(text.casefold()))
    return found - PLAIN or found


def owner(line: str) -> str:
    """A P-line without its sign and year."""
    return line.split(" ", 2)[-1]


def seen(world: GeneratedWorld, act: int, release: Release) -> Seen | None:
    """Read one release as somebody does who sees only what platforms show; partial dates are left out."""
    if len(release.date) != 10 or not release.on:
        return None
    tracks = world.tracks(release)
    day = date.fromisoformat(release.date).toordinal()
    others = {credit.act for track in tracks for credit in track.credits if credit.act != act}
    others |= {credit.act for credit in release.credits if credit.act != act}
    years = tuple(1900 + int(t.isrc[5:7]) + 100 * (int(t.isrc[5:7]) < 50) for t in tracks)
    sung = [track for track in tracks if any(credit.act == act for credit in track.credits)] or tracks
    registrants = frozenset(track.isrc[:5] for track in sung)
    return Seen(
        release, day, release.label, owner(release.p_line), registrants, years, f"0{release.upc}"[:7], frozenset(others)
    )


def shelves(world: GeneratedWorld) -> Iterator[tuple[list[Seen], list[Seen], list[Seen]]]:
    """For every monitored artist what is own, where they appear, and what is a compilation, oldest first."""
    planted = {(b.platform, b.release) for event in world.planted() for b in event.bindings}
    for act in world.shape.monitored_acts:
        own: list[Seen] = []
        appears: list[Seen] = []
        compiled: list[Seen] = []
        for release in world.listings(act):
            if any((platform, entry.id) in planted for platform, entry in release.on.items()):
                continue
            found = seen(world, act, release)
            if found is None:
                continue
            lead = any(credit.act == act and credit.role == "main" for credit in release.credits)
            first = release.credits[0].act == act
            shelf = own if lead and first else compiled if release.nature == "sampler" else appears
            shelf.append(found)
        for shelf in (own, appears, compiled):
            shelf.sort(key=lambda found: (found.day, found.release.n))
        if len(own) <= HUGE:
            yield own, appears, compiled


def measure(world: GeneratedWorld) -> Rates:
    """Count everything on one world."""
    rates = Rates()
    for own, appears, compiled in shelves(world):
        spread(rates, own)
        for place, found in enumerate(own):
            own_release(rates, found, own[:place])
        for name, shelf in (("appears-on", appears), ("compilation", compiled)):
            for found in shelf:
                before = [other for other in own if other.day < found.day]
                foreign(rates, name, found, before)
    return rates


def spread(rates: Rates, own: Sequence[Seen]) -> None:
    """Count how many labels and registrants an artist has."""
    if len(own) >= LEAST:
        labels = Counter(found.label for found in own)
        rates.labels.append(len(labels))
        rates.registrants.append(len({code for found in own for code in found.registrants}))
        rates.top.append(labels.most_common(1)[0][1] / len(own))


def novelty(found: Seen, before: Sequence[Seen]) -> dict[str, bool]:
    """Tell what a release shows that no earlier one did."""
    known_words = {word for other in before for word in words(other.label)}
    line_words = {word for other in before for word in words(other.p_line)}
    codes = {code for other in before for code in other.registrants}
    return {
        "label new": all(found.label.casefold() != other.label.casefold() for other in before),
        "no word of the label seen": not words(found.label) & known_words,
        "P-line new": all(found.p_line != other.p_line for other in before),
        "no word of the P-line seen": not words(found.p_line) & line_words,
        "registrant new": not found.registrants & codes,
        "ISRC country new": not {c[:2] for c in found.registrants} & {c[:2] for c in codes},
        "UPC prefix new": all(found.company != other.company for other in before),
    }


def own_release(rates: Rates, found: Seen, before: Sequence[Seen]) -> None:
    """Count one release of the artist's own."""
    count = rates.counts
    if before:
        count["a gap of more than 3 years before"].add(found.day - before[-1].day > 3 * 365.25)
        count["a sister on the same day"].add(found.day == before[-1].day)
    year = int(found.release.date[:4])
    if year >= 2023:
        rates.weekdays[date.fromisoformat(found.release.date).weekday()] += 1
        count["ISRC year 2 or more before the release"].add(min(year - y for y in found.years) >= 2)
        count["release 2 or more years before every ISRC"].add(max(year - y for y in found.years) <= -2)
    if len(before) < LEAST:
        return
    news = novelty(found, before)
    for name, so in news.items():
        count[name].add(so)
    known = {act for other in before for act in other.others}
    count["anybody else credited"].add(bool(found.others))
    count["somebody credited for the first time"].add(bool(found.others - known))
    if found.others:
        count["... of releases with anybody else"].add(bool(found.others - known))
        count["... everybody else new"].add(not found.others & known)
    count["another label than before"].add(found.label != before[-1].label)
    count["label and registrant new"].add(news["label new"] and news["registrant new"])
    count["label, P-line and registrant new"].add(news["label new"] and news["registrant new"] and news["P-line new"])
    count["the title of an earlier one"].add(
        plain(found.release.title) in {plain(other.release.title) for other in before}
    )


def plain(title: str) -> str:
    """A title without what stands in brackets behind it."""
    return title.partition(" (")[0].casefold()


def foreign(rates: Rates, name: str, found: Seen, before: Sequence[Seen]) -> None:
    """Count one release on which the artist is a guest."""
    if len(before) >= LEAST:
        news = novelty(found, before)
        for sign in ("label new", "no word of the label seen", "registrant new"):
            rates.counts[f"{name}: {sign}"].add(news[sign])


def report(world: GeneratedWorld) -> Iterator[str]:
    """The table of base rates, with the real figures and whether the world is within their intervals."""
    rates = measure(world)
    yield "| an honest release has ... | this world | real [interval] | n | |\n|---|---|---|---|---|"
    for name, real in REAL.items():
        count = rates.counts[name]
        yield row(name, 100 * count.yes / max(1, count.of), real, count.of)
    days = sum(rates.weekdays.values())
    yield row("Friday, claimed dates 2023 on", 100 * rates.weekdays[4] / max(1, days), Real(68, 64, 72), days)
    yield row("labels of an artist, median", median(rates.labels), Real(3, 2, 4), len(rates.labels))
    yield row("... the ninetieth of a hundred", tenth(rates.labels), Real(6, 5, 8), len(rates.labels))
    yield row("registrants of an artist, median", median(rates.registrants), Real(3, 2, 4), len(rates.registrants))
    yield row("... the ninetieth of a hundred", tenth(rates.registrants), Real(6, 5, 8), len(rates.registrants))
    share = 100 * sum(rates.top) / max(1, len(rates.top))
    yield row("releases on the most usual label", share, Real(64, 58, 70), len(rates.top))


def tenth(counts: list[int]) -> float:
    """The value that one in ten exceeds."""
    return sorted(counts)[len(counts) * 9 // 10]


@dataclass(frozen=True)
class Real:
    """A figure measured on real catalogues; `printed` when its interval is too, else the interval is our tolerance."""

    share: float
    low: float
    high: float
    printed: bool = False


def row(name: str, measured: float, real: Real, of: int) -> str:
    """One line of a table."""
    mark = "within" if real.low <= measured <= real.high else "OUTSIDE"
    kind = "" if real.printed else "~"
    return f"| {name} | {measured:.1f} | {real.share:g} [{kind}{real.low:g}-{real.high:g}] | {of} | {mark} |"


REAL = {
    "label new": Real(20.5, 19.2, 21.7, True), "no word of the label seen": Real(12.6, 11.7, 13.6, True),
    "another label than before": Real(36.0, 33.0, 39.0), "P-line new": Real(26.5, 20.6, 32.1, True),
    "no word of the P-line seen": Real(5.5, 3.5, 8.4, True), "registrant new": Real(25.6, 22.0, 29.0, True),
    "ISRC country new": Real(7.2, 5.0, 10.0), "UPC prefix new": Real(41.0, 35.0, 48.0, True),
    "label and registrant new": Real(11.2, 7.8, 15.4, True),
    "label, P-line and registrant new": Real(8.5, 2.0, 16.0, True),
    "the title of an earlier one": Real(9.3, 4.0, 15.0, True), "a sister on the same day": Real(5.1, 4.0, 6.2),
    "a gap of more than 3 years before": Real(1.6, 1.2, 2.0, True),
    "anybody else credited": Real(43.0, 38.0, 48.0), "somebody credited for the first time": Real(36.0, 33.0, 39.0),
    "... of releases with anybody else": Real(83.0, 78.0, 88.0), "... everybody else new": Real(62.0, 56.0, 68.0),
    "ISRC year 2 or more before the release": Real(4.6, 3.5, 6.0),
    "release 2 or more years before every ISRC": Real(0.0, 0.0, 0.2),
    "appears-on: label new": Real(71.0, 65.0, 77.0), "appears-on: no word of the label seen": Real(51.0, 45.0, 57.0),
    "appears-on: registrant new": Real(46.0, 40.0, 52.0), "compilation: label new": Real(62.0, 54.0, 70.0),
    "compilation: no word of the label seen": Real(48.0, 40.0, 56.0),
    "compilation: registrant new": Real(36.0, 28.0, 44.0),
}  # fmt: skip
