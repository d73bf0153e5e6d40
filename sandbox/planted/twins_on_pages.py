"""Innocent twins on the artist's own page: what looks like a forgery there and is none."""

from dataclasses import replace

from sandbox.made.catalogue import picture
from sandbox.planted.playbook import twin
from sandbox.planted.stage import Lead, Song, Stage
from sandbox.world import DAY, EVERYWHERE, PLATFORMS, Credit, Release, Track


@twin("G1")
def legit_posthumous(stage: Stage, lead: Lead) -> None:
    """A posthumous release by the home label."""
    rng = stage.rng(lead)
    look = stage.home(lead, platforms=PLATFORMS)
    stage.silence(lead, 2015, passed=True)
    songs = stage.songs(rng, lead, 8)
    release = stage.release(lead, look, [Credit(lead.act.n)], songs, stage.moment(rng), kind="album")
    stage.plant(lead, [release], bound=[lead.act], note="home label")


@twin()
def comeback(stage: Stage, lead: Lead) -> None:
    """The artist is back on the home label after eight years of silence."""
    rng = stage.rng(lead)
    look = stage.home(lead, platforms=PLATFORMS)
    stage.silence(lead, 2018, passed=False)
    release = stage.release(lead, look, [Credit(lead.act.n)], stage.songs(rng, lead, 1), stage.moment(rng))
    stage.plant(lead, [release], bound=[lead.act])


@twin("G2")
def first_self_release(stage: Stage, lead: Lead) -> None:
    """The artist leaves the label and releases alone, with codes of a distributor."""
    rng = stage.rng(lead)
    name = lead.act.name
    look = stage.stranger(
        lead, rng, label=name, p_owner=name, c_owner=name, genre=lead.act.genre, writer=name, platforms=PLATFORMS
    )
    songs = stage.songs(rng, lead, 9)
    release = stage.release(lead, look, [Credit(lead.act.n)], songs, stage.moment(rng), kind="album")
    stage.plant(lead, [release], bound=[lead.act])


@twin("G3", leads=2)
def label_day(stage: Stage, *leads: Lead) -> None:
    """A label puts out singles of several of its artists on one day, with titles of one word, for a compilation."""
    rng = stage.rng(leads[0])
    since = stage.weekday(rng, stage.moment(rng))
    for lead in leads:
        title = stage.title(rng, lead).split(" ")[0]
        look = stage.home(lead, platforms=PLATFORMS)
        release = stage.release(lead, look, [Credit(lead.act.n)], [Song(title, writers=(lead.act.name,))], since)
        stage.plant(lead, [release], bound=[lead.act], campaign=f"label-day-{leads[0].m}")


@twin("G4", leads=3)
def sampler_day(stage: Stage, *leads: Lead) -> None:
    """A label puts out one single each by several of its artists on one day, in a series with one cover."""
    rng = stage.rng(leads[0])
    since, cover = stage.moment(rng), picture(-10_000 - leads[0].m)
    for place, lead in enumerate(leads):
        song = Song(stage.title(rng, lead), writers=(lead.act.name,))
        look = stage.home(lead, platforms=PLATFORMS, cover=cover)
        title = f"House Series {place + 1}"
        release = stage.release(lead, look, [Credit(lead.act.n)], [song], since, title=title)
        stage.plant(lead, [release], bound=[lead.act], campaign=f"series-{leads[0].m}")


@twin("G5")
def house_writer(stage: Stage, lead: Lead) -> None:
    """A real writer of the label stands behind two new singles."""
    rng = stage.rng(lead)
    since, writer = stage.moment(rng, 4), stage.person(rng, lead)
    look = stage.home(lead, platforms=PLATFORMS)
    made = [
        stage.release(
            lead, look, [Credit(lead.act.n)],
            [Song(stage.title(rng, lead), writers=(writer, lead.act.name))], since + gap * DAY,
        )
        for gap in (0, 4)
    ]  # fmt: skip
    stage.plant(lead, made, bound=[lead.act], note=f"writer {writer}")


@twin("G10", leads=2)
def real_collab(stage: Stage, first: Lead, second: Lead) -> None:
    """Two monitored artists really made a record together."""
    rng = stage.rng(first)
    credits = [Credit(first.act.n), Credit(second.act.n)]
    look = stage.home(first, platforms=PLATFORMS)
    release = stage.release(first, look, credits, stage.songs(rng, first, 1), stage.moment(rng))
    for lead in (first, second):
        stage.plant(lead, [release], bound=[lead.act])


@twin("G12")
def back_catalogue(stage: Stage, lead: Lead) -> None:
    """The label brings six old releases to the stores on one day."""
    rng = stage.rng(lead)
    since, look = stage.moment(rng), stage.home(lead)
    made = [
        stage.release(
            lead, look, [Credit(lead.act.n)], stage.songs(rng, lead, 10), since, kind="album",
            date=f"{1996 + year}-03-01", nature="digitised",
        )
        for year in range(6)
    ]  # fmt: skip
    stage.plant(lead, made, bound=[lead.act], note="home label, own codes")


@twin("G13")
def true_removal(stage: Stage, lead: Lead) -> None:
    """One of the artist's own old releases is withdrawn everywhere."""
    rng = stage.rng(lead)
    gone = stage.moment(rng)
    host = lead.before(stage.start)[0]
    host = stage.revise(host, on={p: replace(entry, until=gone) for p, entry in host.on.items()})
    stage.plant(lead, [host], bound=[lead.act], since=gone, swapped=gone)


@twin("G13")
def re_delivery(stage: Stage, lead: Lead) -> None:
    """A label delivers an album again: the old id goes, a new one comes with the same codes."""
    rng = stage.rng(lead)
    gone = stage.moment(rng)
    host = lead.before(stage.start)[-1]
    look = stage.home(lead, label=host.label, cover=host.cover)
    release = stage.release(
        lead, look, [Credit(lead.act.n)], stage.copied(host), gone + 0.5 * DAY, title=host.title, kind=host.kind,
        date=host.date, nature="re-delivery",
    )  # fmt: skip
    host = stage.revise(host, on={p: replace(e, until=gone) if p in EVERYWHERE else e for p, e in host.on.items()})
    stage.plant(lead, [host, release], bound=[lead.act], since=gone, swapped=gone)


@twin("G14")
def az_series(stage: Stage, lead: Lead) -> None:
    """The artist puts out a series whose titles follow the alphabet, one a day."""
    rng = stage.rng(lead)
    since, look = stage.moment(rng, 5), stage.home(lead, platforms=PLATFORMS)
    titles = sorted(stage.title(rng, lead) for _ in range(5))
    made = [
        stage.release(lead, look, [Credit(lead.act.n)], [Song(f"{letter} is for {title}")], since + place * DAY)
        for place, (letter, title) in enumerate(zip("ABCDE", titles, strict=True))
    ]
    stage.plant(lead, made, bound=[lead.act])


def longest(stage: Stage, lead: Lead) -> Release:
    """Give the release that is out with the most tracks."""
    return max(lead.before(stage.start), key=lambda release: (release.track_count, release.n))


@twin("G17")
def deluxe_edition(stage: Stage, lead: Lead) -> None:
    """A new edition repeats a real album's titles and codes and adds three."""
    rng = stage.rng(lead)
    host = longest(stage, lead)
    new = [Song(stage.title(rng, lead), version="Demo", writers=(lead.act.name,)) for _ in range(3)]
    look = stage.home(lead, platforms=PLATFORMS, cover=host.cover)
    release = stage.release(
        lead, look, [Credit(lead.act.n)], stage.copied(host) + new, stage.moment(rng),
        title=f"{host.title} (Deluxe Edition)", kind="album", nature="deluxe",
    )  # fmt: skip
    stage.plant(lead, [release], bound=[lead.act])


@twin("G17")
def late_bonus(stage: Stage, lead: Lead) -> None:
    """The label itself adds a track to a release that is out."""
    rng = stage.rng(lead)
    since = stage.moment(rng)
    host = longest(stage, lead)
    real: list[Track] = list(stage.tracks_of(host))
    song = Song(stage.title(rng, lead), 201_000, "Bonus Track", host.credits, (lead.act.name,))
    added = stage.track(lead, stage.home(lead), host, len(real) + 1, song, 2026)
    added = replace(added, since=since, disc=real[-1].disc)
    host = stage.revise(host, [*real, added], tracks_vary=True)
    stage.plant(lead, bound=[lead.act], tracks=[(host, added)], since=since, swapped=since)
