"""A case told: the event in one sentence, and its timeline by both clocks. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from crawler.console.names import html
from storage.facts.case_file import CaseFile

ATTACKS = {
    "A": "hijack of a page",
    "B": "page of the same name",
    "C": "look-alike name",
    "D": "alias as a name",
    "E": "abused credit",
    "F": "riding on titles",
    "H": "after a long silence or death",
    "K": "moved or delivered again",
}
SAID = {
    "release": "{title} stands under the name of {artist} on {where}",
    "profile": "A page on {where} goes by {title}, a name of {artist} or nearly",
    "disappearance": "{title} is gone from the pages of {artist} on {where}",
    "tampering": "What stands on a page of {artist} on {where} was changed: {title}",
}
CLAIMED, SEEN = "claimed by the uploader", "seen by us"


def sentence(file: CaseFile, expected: Iterable[str]) -> Markup:
    """Say what is suspected, in one sentence, names marked where they differ from the artist's."""
    where = ", ".join(dict.fromkeys(one.profile.platform for one in file.appearances)) or "no page now"
    names = tuple(expected) if file.case.kind == "profile" else ()
    told = Markup(SAID[file.case.kind]).format(
        title=Markup("<q>{}</q>").format(html(file.case.title, names)),
        artist=Markup("<b>{}</b>").format(html(file.artist.name)),
        where=where,
    )
    first = min((one.finding.first_seen_at for one in file.appearances), default=file.case.opened_at)
    return told + Markup("; first seen {}.").format(moment(first))


def moment(at: datetime | None) -> Markup:
    """Write a moment, which the page's script turns into the viewer's zone."""
    if at is None:
        return Markup('<span class="none">never</span>')
    return Markup(
        '<time datetime="{0:%Y-%m-%dT%H:%M:%SZ}" title="{0:%Y-%m-%d %H:%M:%S} UTC">{0:%Y-%m-%d %H:%M}</time>'
    ).format(at)


def share(value: float) -> str:
    """Write a probability; near its ends with a decimal, and never as certainty."""
    if value >= 0.9995 or value < 0.0005:
        return "over 99.9 %" if value > 0.5 else "under 0.1 %"
    return f"{value * 100:.1f} %" if value >= 0.995 or value < 0.005 else f"{value * 100:.0f} %"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline."""

    order: str
    when: Markup
    clock: str
    what: Markup


def timeline(file: CaseFile) -> list[Entry]:
    """Put what was claimed and what was seen in one order, each with its clock."""
    found: list[Entry] = []

    def seen(at: datetime, what: Markup) -> None:
        found.append(Entry(f"{at:%Y-%m-%dT%H:%M:%S}", moment(at), SEEN, what))

    for one in file.appearances:
        place = Markup("{} on {}").format(html(one.profile.name), one.profile.platform)
        if one.release is not None and isinstance(one.release.date, date):
            what = Markup("release date of {} on {}").format(html(one.release.title), one.profile.platform)
            found.append(
                Entry(f"{one.release.date:%Y-%m-%d}", Markup("{}").format(one.release.date_raw), CLAIMED, what)
            )
        seen(one.finding.first_seen_at, Markup("first seen with {}").format(place))
        if one.finding.removed_at is not None:
            seen(one.finding.removed_at, Markup("no longer shown with {}").format(place))
    for row in file.history:
        note = Markup(": {}").format(html(row.note)) if row.note else ""
        seen(row.at, Markup("case {}, {} at {:.2f}{}").format(row.event, row.status, row.score, note))
    return sorted(found, key=lambda entry: entry.order)
