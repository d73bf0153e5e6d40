"""How the planted attacks look: the signs of the documented ones, counted on a world."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime

from benchmarks.sandbox.rates import Count, Real, plain, row
from sandbox.generate import GeneratedWorld
from sandbox.world import DAY, STORES, Planted, Release

ON_PAGE = {"A", "H", "K"}
NEW_PAGE = {"B", "C", "D", "F", "G", "I"}
FILLER = " Records DK"


def releases_of(world: GeneratedWorld, event: Planted) -> list[Release]:
    """The releases of an event, each once."""
    found = {b.release: world.find_release(b.platform, b.release) for b in event.bindings if not b.track}
    return list({release.n: release for release in found.values() if release}.values())


def count_signs(world: GeneratedWorld) -> dict[str, Count]:
    """Count every sign, one row a forged release as in the table of documented ones."""
    counts: dict[str, Count] = defaultdict(Count)
    attacks = [event for event in world.planted() if event.attack]
    covers: Counter[str] = Counter()
    for event in attacks:
        covers.update({release.cover for release in releases_of(world, event)} if event.campaign else ())
    for event in attacks:
        if event.group in NEW_PAGE | ON_PAGE | {"E"}:
            counts["credited as feature or co-main"].add(event.group == "E")
            counts["on a new or look-alike page"].add(event.group in NEW_PAGE)
        if event.group in ON_PAGE:
            on_page(world, event, counts, covers)
    return counts


def on_page(world: GeneratedWorld, event: Planted, counts: dict[str, Count], covers: Counter[str]) -> None:
    """Count the signs of one event on a real page."""
    artist = world.act(event.artist)
    own = [world.plan_around(artist.n).revised.get(release.n, release) for _, release in world.own(artist.n)]
    own = [release for release in own if release.on and min(e.since for e in release.on.values()) < event.since]
    made = releases_of(world, event)
    labels, titles = {release.label for release in own}, {plain(release.title) for release in own}
    last = max((min(e.since for e in release.on.values()) for release in own), default=event.since)
    silent = bool(artist.ended) or event.since - last > 5 * 365 * DAY
    for release in made:
        counts["victim dead, or silent for more than 5 years"].add(silent)
        counts["label novel"].add(release.label not in labels)
        counts["label is the victim's own name"].add(release.label == artist.name)
        counts["distributor's placeholder"].add(release.label.endswith(FILLER))
        counts["several fakes on one page"].add(len(made) > 1)
        counts["part of a wave over several victims"].add(bool(event.campaign))
        counts["title copied from the victim"].add(plain(release.title) in titles)
        counts["break of genre"].add(release.genre != artist.genre)
        counts["on several platforms"].add(len(set(release.on) & set(STORES)) > 1)
        counts["missing on one store or more"].add(len(set(release.on) & set(STORES)) < len(STORES))
        counts["a single"].add(release.kind == "single")
        counts["dated on a Friday"].add(date.fromisoformat(release.date).weekday() == 4)
        begun = min(entry.since for entry in release.on.values())
        counts["dated more than 90 days before it appeared"].add(
            date.fromisoformat(release.date).toordinal() < datetime.fromtimestamp(begun, UTC).toordinal() - 90
        )
        if event.campaign:
            counts["cover alike over victims (of waves)"].add(covers[release.cover] > 1)
        registrants = {track.isrc[:5] for track in world.tracks(release)}
        known = {track.isrc[:5] for other in own for track in world.tracks(other)}
        counts["registrant that the victim has had"].add(bool(registrants & known))


def report(world: GeneratedWorld) -> Iterator[str]:
    """The table of attack signs, with the documented figures."""
    counts = count_signs(world)
    yield "| a forged release has ... | this world | documented [interval] | n | |\n|---|---|---|---|---|"
    for name, real in DOCUMENTED.items():
        count = counts[name]
        yield row(name, 100 * count.yes / max(1, count.of), real, count.of)
    for name in sorted(set(counts) - set(DOCUMENTED)):
        count = counts[name]
        yield f"| {name} | {100 * count.yes / max(1, count.of):.1f} | not told | {count.of} | |"


DOCUMENTED = {
    "label novel": Real(100, 70, 100), "label is the victim's own name": Real(11, 3, 31, True),
    "distributor's placeholder": Real(0, 0, 23, True),
    "victim dead, or silent for more than 5 years": Real(43, 19, 63, True),
    "several fakes on one page": Real(23, 11, 42, True), "part of a wave over several victims": Real(67, 17, 75, True),
    "cover alike over victims (of waves)": Real(100, 30, 100), "title copied from the victim": Real(10, 4, 24, True),
    "break of genre": Real(59, 45, 71, True), "on several platforms": Real(55, 29, 100),
    "credited as feature or co-main": Real(4, 2, 17, True), "on a new or look-alike page": Real(14, 9, 35, True),
    "dated more than 90 days before it appeared": Real(0, 0, 13, True), "a single": Real(71, 55, 85),
    "dated on a Friday": Real(37, 14, 70),
}  # fmt: skip
