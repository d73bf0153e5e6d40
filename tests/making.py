"""Invented releases, pages and events for the tests of judgement."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from storage.facts.values import Artist, Credit, Event, Finding, Line, Page, Resembled, Shown, Track
from storage.normalize import line_key, name_key, title_key

NOW = datetime(2026, 3, 6, 9, tzinfo=UTC)
ORLA = Artist(1, "Orla Venn")
OFFICIAL = Page(1, "deezer", "100", "Orla Venn", standing="official", official_for=(1,))


def shown(
    group_id=99,
    title="Harbour Lights",
    *,
    label="Seerose Records",
    day=date(2026, 3, 6),
    isrcs=("DEAA12600001",),
    gtins=(),
    role="own",
    guests=(),
    seconds=200,
    tracks=None,
    **more,
):
    if tracks is None:
        tracks = tuple(
            Track(f"{title} {n}", title_key(f"{title} {n}"), None, seconds * 1000, isrc)
            for n, isrc in enumerate(isrcs or (None,))
        )
    credits = (
        Credit("Orla Venn", "orlavenn", "main", artist_id=1),
        *(Credit(g, name_key(g), "featured") for g in guests),
    )
    base = Shown(
        group_id=group_id,
        title=title,
        keys=frozenset({title_key(title)}),
        kind="single",
        role=role,
        date=day,
        year=day.year if day else None,
        first_seen_at=NOW,
        news=True,
        platforms=frozenset({"deezer"}),
        lines=(Line("label", label, line_key(label)),) if label else (),
        isrcs=frozenset(isrcs),
        gtins=frozenset(gtins),
        credits=credits,
        tracks=tracks,
    )
    return replace(base, **more)


def past(count=12, label="Seerose Records", registrant="DEAA1"):
    """An artist with one label and one registrant, a release every four months."""
    first = date(2025, 12, 5)
    return tuple(
        shown(
            number,
            f"Title {chr(65 + number)}",
            label=label,
            day=first - timedelta(days=120 * number),
            isrcs=(f"{registrant}{(first - timedelta(days=120 * number)).year % 100:02d}{number:05d}",),
            first_seen_at=NOW - timedelta(days=60),
            news=False,
        )
        for number in range(count)
    )


def arrival(release=None, *, history=None, artist=ORLA, **more):
    """A release that appeared on the official page."""
    release = release or shown()
    finding = Finding(OFFICIAL, release.group_id, "r1", release.title, "listed", None, release.first_seen_at)
    return Event("release", artist, (finding,), release, past=past() if history is None else history, at=NOW, **more)


def look_alike(name="0rla Venn", *, bits=15.0, chance=0.01, page=None, **more):
    """A page that goes by the name or near it."""
    page = page or Page(7, "deezer", "700", name, followers=12, release_count=1, standing="suspected")
    met = Resembled(name, "Orla Venn", "profile", ("leet",), bits, chance, "0 for o", name == "Orla Venn", True)
    finding = Finding(page, None, None, None, "page", None, NOW)
    return Event("profile", ORLA, (finding,), resembled=(met,), past=past(), at=NOW, **more)
