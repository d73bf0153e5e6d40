"""Forgeries on the artist's real page."""

from dataclasses import replace
from random import Random

from sandbox.made.calendar import day_text
from sandbox.made.catalogue import picture
from sandbox.planted.looks import filler, forged_genre, stay
from sandbox.planted.playbook import attack
from sandbox.planted.stage import Lead, Song, Stage
from sandbox.world import DAY, EVERYWHERE, STORES, Credit, Hidden, Release

OWN_TITLE = 0.14
SEVERAL = 0.25
REMOVED = 0.55


def gaps(rng: Random, most: int = 4) -> list[float]:
    """Choose on which days the forgeries of one page come: mostly one, now and then several, some exactly weekly."""
    if rng.random() > SEVERAL:
        return [0.0]
    count = rng.randrange(2, most + 1)
    step = 7.0 if rng.random() < 0.3 else rng.uniform(0.5, 6.0)
    return [place * step for place in range(count)]


def shape(rng: Random) -> tuple[str, int]:
    """Choose the kind and number of tracks of a forgery: most are singles."""
    kind = rng.choices(("single", "ep", "album"), (50, 25, 25))[0]
    return kind, {"single": 1, "ep": rng.randrange(3, 6), "album": rng.randrange(7, 13)}[kind]


def removed(stage: Stage, rng: Random, release: Release, since: float) -> Release:
    """Let many forgeries be removed some time later, now and then by one store only."""
    if rng.random() > REMOVED or since < stage.start:
        return release
    stores = EVERYWHERE if rng.random() < 0.85 else (rng.choice(STORES),)
    return stage.until(release, since + stay(rng) * DAY, stores)


@attack("A")
def hijack(stage: Stage, lead: Lead) -> None:
    """One or a few releases by a stranger on the real page, as the documented ones look."""
    rng = stage.rng(lead)
    stage.fall_silent(lead, rng)
    since, look = stage.weekday(rng, stage.moment(rng)), stage.stranger(lead, rng)
    made = []
    for gap in gaps(rng):
        kind, count = shape(rng)
        songs = stage.songs(rng, lead, count)
        title = lead.act.name if rng.random() < 0.12 else ""
        title = rng.choice(lead.before(stage.start)).title if rng.random() < OWN_TITLE else title
        release = stage.release(lead, look, [Credit(lead.act.n)], songs, since + gap * DAY, kind=kind, title=title)
        made.append(removed(stage, rng, release, since + gap * DAY))
    stage.plant(lead, made, bound=[lead.act])


@attack("A", "G2")
def profile_hijack(stage: Stage, lead: Lead) -> None:
    """Two albums by a stranger on the real page a day apart, label and lines forged to be the artist's own name."""
    rng = stage.rng(lead)
    since, name = stage.moment(rng), lead.act.name
    look = stage.stranger(lead, rng, label=name, p_owner=name, c_owner=name, platforms=EVERYWHERE, writer=name)
    made = [
        stage.release(lead, look, [Credit(lead.act.n)], stage.songs(rng, lead, count), since + gap * DAY, kind="album")
        for count, gap in ((10, 0), (20, 1))
    ]
    stage.plant(lead, made, bound=[lead.act], note="forged self-label; the artist has a label or other codes")


@attack("H", "G1")
def dormant_break(stage: Stage, lead: Lead) -> None:
    """Something new by somebody who died years ago, under a line that never was there."""
    rng = stage.rng(lead)
    stage.silence(lead, 2015, passed=True)
    strange = stage.imprint(rng, lead)
    look = stage.stranger(lead, rng, label=strange, p_owner=strange, c_owner=strange, platforms=EVERYWHERE)
    release = stage.release(lead, look, [Credit(lead.act.n)], stage.songs(rng, lead, 1), stage.moment(rng))
    stage.plant(lead, [release], bound=[lead.act], note="the artist died in 2015")


@attack("A", "G12")
def back_dated(stage: Stage, lead: Lead) -> None:
    """A release that claims to be years old appears in the middle of the catalogue, with codes of today."""
    rng = stage.rng(lead)
    since = stage.moment(rng)
    date = f"{rng.randrange(2008, 2020)}-0{rng.randrange(1, 10)}-1{rng.randrange(10)}"
    look = stage.stranger(lead, rng, label=filler(rng), platforms=EVERYWHERE)
    codes = [stage.isrc(lead, look, int(day_text(since)[:4])) for _ in range(2)]
    songs = [replace(song, isrc=code) for song, code in zip(stage.songs(rng, lead, 2), codes, strict=True)]
    release = stage.release(lead, look, [Credit(lead.act.n)], songs, since, date=date)
    stage.plant(lead, [release], bound=[lead.act])


def same_day(stage: Stage, leads: tuple[Lead, ...], titles: list[str], labels: list[str], covers: list[str]) -> None:
    """Put one forgery on each of several pages within hours, all by one uploader."""
    rng = stage.rng(leads[0])
    since, first = stage.weekday(rng, stage.moment(rng)), leads[0]
    base = stage.stranger(first, rng, platforms=EVERYWHERE)
    campaign = f"{stage.role.kind}-{first.m}"
    for place, lead in enumerate(leads):
        label = labels[place % len(labels)]
        genre = forged_genre(rng, lead.act.genre)
        cover = covers[place % len(covers)]
        look = replace(base, label=label, p_owner=label, c_owner=label, cover=cover, genre=genre)
        stage.fall_silent(lead, rng)
        when = since + place * rng.uniform(0.01, 0.3) * DAY
        release = stage.release(lead, look, [Credit(lead.act.n)], [Song(titles[place])], when)
        stage.plant(lead, [removed(stage, rng, release, when)], bound=[lead.act], campaign=campaign)


@attack("A", "G4", leads=5)
def wave(stage: Stage, *leads: Lead) -> None:
    """One operator hits artists of one country within a day: one label, neighbouring codes, covers alike."""
    rng = stage.shape.rng("wave-look", leads[0].m)
    titles = [stage.title(rng, lead) for lead in leads]
    covers = [picture(-leads[0].m * 2 - 1), picture(-leads[0].m * 2 - 2)]
    same_day(stage, leads, titles, [stage.imprint(rng, leads[0])], covers)


@attack("A", "G3", leads=4)
def one_word_wave(stage: Stage, *leads: Lead) -> None:
    """Releases of one word or titled like their artist, on one day, under two labels of one uploader."""
    rng = stage.shape.rng("one-word-look", leads[0].m)
    titles = [lead.act.name if rng.random() < 0.5 else stage.title(rng, lead).split(" ")[0] for lead in leads]
    labels = [stage.imprint(rng, leads[0]) for _ in range(2)]
    same_day(stage, leads, titles, labels, [picture(-leads[0].m * 4 - 7 - place) for place in range(len(leads))])


@attack("A", "G5", leads=3)
def ghost_writer(stage: Stage, *leads: Lead) -> None:
    """The same unknown writer stands behind new releases on several real pages, each under another label."""
    rng = stage.rng(leads[0])
    since, ghost = stage.moment(rng, 4), stage.person(rng, leads[0])
    base = stage.stranger(leads[0], rng)
    for place, lead in enumerate(leads):
        look = stage.stranger(
            lead, rng, writer=ghost, platforms=EVERYWHERE, isrc=base.isrc, upc=base.upc, holder=base.holder
        )
        stage.fall_silent(lead, rng)
        songs = stage.songs(rng, lead, 2)
        release = stage.release(lead, look, [Credit(lead.act.n)], songs, since + place * DAY)
        stage.plant(lead, [release], bound=[lead.act], campaign=f"ghost-{leads[0].m}", note=f"writer {ghost}")


@attack("A")
def pre_announced(stage: Stage, lead: Lead) -> None:
    """A forgery dated two weeks ahead that can be seen before its day."""
    rng = stage.rng(lead)
    stage.fall_silent(lead, rng)
    since = stage.moment(rng)
    look = stage.stranger(lead, rng)
    date = day_text(since + rng.uniform(8, 20) * DAY)
    release = stage.release(lead, look, [Credit(lead.act.n)], stage.songs(rng, lead, 1), since, date=date)
    stage.plant(lead, [release], bound=[lead.act], note=f"dated {date}")


@attack("A")
def weekly_series(stage: Stage, lead: Lead) -> None:
    """Three forgeries on one page exactly seven days apart."""
    rng = stage.rng(lead)
    stage.fall_silent(lead, rng)
    since, look = stage.moment(rng, 14), stage.stranger(lead, rng)
    made = [
        stage.release(lead, look, [Credit(lead.act.n)], stage.songs(rng, lead, 1), since + 7 * week * DAY)
        for week in range(3)
    ]
    stage.plant(lead, made, bound=[lead.act])


@attack("A")
def own_hit(stage: Stage, lead: Lead) -> None:
    """A forgery with the title and the cover of one of the artist's own releases."""
    rng = stage.rng(lead)
    stage.fall_silent(lead, rng)
    known = rng.choice(lead.before(stage.start))
    look = stage.stranger(lead, rng, cover=known.cover)
    release = stage.release(lead, look, [Credit(lead.act.n)], [Song(known.title)], stage.moment(rng))
    stage.plant(lead, [release], bound=[lead.act], note=f"copies {known.key}")


@attack("A", "G13")
def geo_hide(stage: Stage, lead: Lead) -> None:
    """A forgery on the real page disappears from US, GB and CA after five days."""
    rng = stage.rng(lead)
    stage.fall_silent(lead, rng)
    since = stage.moment(rng, 7)
    look = stage.stranger(lead, rng, platforms=EVERYWHERE)
    release = stage.release(lead, look, [Credit(lead.act.n)], stage.songs(rng, lead, 1), since)
    hidden = tuple(Hidden(market, since + 5 * DAY) for market in ("US", "GB", "CA"))
    release = stage.alter(release, on={p: replace(entry, hidden=hidden) for p, entry in release.on.items()})
    stage.plant(lead, [release], bound=[lead.act], note="hidden in US, GB, CA after five days")


@attack("A", "G13")
def taken_down(stage: Stage, lead: Lead) -> None:
    """A forgery on the real page that is removed for good after six days."""
    rng = stage.rng(lead)
    stage.fall_silent(lead, rng)
    since = stage.moment(rng, 8)
    look = stage.stranger(lead, rng, platforms=EVERYWHERE)
    release = stage.release(lead, look, [Credit(lead.act.n)], stage.songs(rng, lead, 1), since)
    stage.plant(lead, [stage.until(release, since + 6 * DAY)], bound=[lead.act])


@attack("A", "G17")
def track_swap(stage: Stage, lead: Lead) -> None:
    """A track of a real release is replaced by a stranger's, in its place and under its number."""
    rng = stage.rng(lead)
    since = stage.moment(rng)
    stranger = stage.extra(lead, stage.person(rng, lead), since, fans=5)
    lately = day_text(stage.start - 360 * DAY)
    host = max(lead.before(stage.start), key=lambda r: (r.date >= lately, r.track_count, r.n))  # what is played now
    real = list(stage.tracks_of(host))
    spot = rng.randrange(len(real))
    credits = (*real[spot].credits, Credit(stranger.n, "featured"))
    song = Song(stage.title(rng, lead), rng.randrange(100_000, 200_000), credits=credits, writers=(stranger.name,))
    look = stage.stranger(lead, rng)
    made = stage.track(lead, look, host, len(real) + 1, song, int(day_text(since)[:4]))
    swapped = replace(made, position=real[spot].position, disc=real[spot].disc, since=since)
    real[spot] = replace(real[spot], until=since)
    host = stage.revise(host, [*real, swapped], tracks_vary=True)
    note = f"track {swapped.position} of {host.key} was swapped"
    stage.plant(lead, bound=[lead.act], tracks=[(host, swapped)], swapped=since, since=since, note=note)
