"""The innocent twins: what looks like an attack and is none. They must end in silence."""

from dataclasses import replace

from sandbox.made import names
from sandbox.made.catalogue import picture
from sandbox.made.people import FREE_STREAMING, profile_url
from sandbox.planted import lookalikes
from sandbox.planted.attacks import retire
from sandbox.planted.stage import Lead, Song, Stage
from sandbox.world import DAY, Credit, Link, Track

EVERYWHERE = ("spotify", "deezer", "itunes", "musicbrainz")


def legit_posthumous(stage: Stage, lead: Lead) -> None:
    """A posthumous release by the home label."""
    rng = stage.rng(lead, "posthumous")
    retire(stage, lead)
    release = stage.release(
        lead, 15, [Credit(lead.act.n)], stage.songs(rng, 8), stage.moment(rng), kind="album", label=lead.act.label,
        home=True, platforms=EVERYWHERE,
    )  # fmt: skip
    stage.plant("legit_posthumous", lead, [release], bound=[lead.act], attack=False, scenario="G1", note="home label")


def deluxe_edition(stage: Stage, lead: Lead) -> None:
    """A new edition repeats a real album's titles and codes and adds three."""
    rng = stage.rng(lead, "deluxe")
    host = max(lead.before(stage.start), key=lambda release: (release.track_count, release.n))
    old = [
        Song(track.title, track.duration_ms, isrc=track.isrc, writers=track.writers) for track in stage.tracks_of(host)
    ]
    new = [Song(names.title(rng), version="Demo", writers=(lead.act.name,)) for _ in range(3)]
    release = stage.release(
        lead, 15, [Credit(lead.act.n)], old + new, stage.moment(rng), title=f"{host.title} (Deluxe Edition)",
        kind="album", label=lead.act.label, home=True, cover=host.cover, platforms=EVERYWHERE,
    )  # fmt: skip
    stage.plant("deluxe_edition", lead, [release], bound=[lead.act], attack=False, scenario="G17")


def late_bonus(stage: Stage, lead: Lead) -> None:
    """The label itself adds a track to a release that is out."""
    rng = stage.rng(lead, "bonus")
    since = stage.moment(rng)
    host = max(lead.before(stage.start), key=lambda release: (release.track_count, release.n))
    real = stage.tracks_of(host)
    added = Track(
        position=len(real) + 1, title=names.title(rng), isrc=real[0].isrc[:7] + f"{int(real[0].isrc[7:]) + 60:05d}",
        duration_ms=201_000, credits=host.credits, ids=stage.track_ids(host, len(real) + 1), version="Bonus Track",
        writers=(lead.act.name,), since=since,
    )  # fmt: skip
    host = stage.revise(host, [*real, added], tracks_vary=True)
    stage.plant("late_bonus", lead, [host], bound=[lead.act], attack=False, scenario="G17", since=since)


def label_remix_account(stage: Stage, lead: Lead) -> None:
    """The label's own account for sped-up versions, with the artist credited and the label's codes."""
    rng = stage.rng(lead, "remix")
    since = stage.moment(rng)
    act = stage.extra(lead, 0, "sped up + slowed", stage.start - 400 * DAY, fans=52_000, label=lead.act.label)
    tracks = [track for release in lead.before(stage.start)[-3:] for track in stage.tracks_of(release)][:3]
    songs = [Song(track.title, int(track.duration_ms * 0.8), "sped up", writers=(lead.act.name,)) for track in tracks]
    credits = [Credit(lead.act.n), Credit(act.n)]
    release = stage.release(
        lead, 0, credits, songs or stage.songs(rng, 2), since, kind="ep", label=lead.act.label, home=True
    )
    stage.plant("label_remix_account", lead, [release], bound=[lead.act, act], acts=[act], attack=False, scenario="G11")


def house_writer(stage: Stage, lead: Lead) -> None:
    """A real writer of the label stands behind two new singles."""
    rng = stage.rng(lead, "house")
    since, writer = stage.moment(rng), names.person(rng)
    made = [
        stage.release(
            lead, 15, [Credit(lead.act.n)], [Song(names.title(rng), writers=(writer, lead.act.name))],
            since + gap * DAY, label=lead.act.label, home=True, platforms=EVERYWHERE,
        )
        for gap in (0, 4)
    ]  # fmt: skip
    stage.plant("house_writer", lead, made, bound=[lead.act], attack=False, scenario="G5", note=f"writer {writer}")


def true_removal(stage: Stage, lead: Lead) -> None:
    """One of the artist's own releases is withdrawn everywhere."""
    rng = stage.rng(lead, "removal")
    gone = stage.moment(rng, 2, 12)
    host = lead.before(stage.start)[0]
    host = stage.revise(host, on={p: replace(entry, until=gone) for p, entry in host.on.items()})
    stage.plant("true_removal", lead, [host], bound=[lead.act], attack=False, scenario="G13", since=gone)


def re_delivery(stage: Stage, lead: Lead) -> None:
    """A label re-delivers an album: the old id goes, a new one comes with the same codes."""
    rng = stage.rng(lead, "delivery")
    gone = stage.moment(rng, 2, 12)
    host = lead.before(stage.start)[-1]
    again = [
        Song(track.title, track.duration_ms, isrc=track.isrc, writers=track.writers) for track in stage.tracks_of(host)
    ]
    release = stage.release(
        lead, 15, [Credit(lead.act.n)], again, gone + 0.5 * DAY, title=host.title, kind=host.kind, date=host.date,
        label=host.label, home=True, cover=host.cover,
    )  # fmt: skip
    host = stage.revise(host, on={p: e if p == "musicbrainz" else replace(e, until=gone) for p, e in host.on.items()})
    stage.plant("re_delivery", lead, [host, release], bound=[lead.act], attack=False, scenario="G13", since=gone)


def side_project(stage: Stage, lead: Lead) -> None:
    """The artist's own second name, older than the weeks and known to MusicBrainz."""
    rng = stage.rng(lead, "side")
    act = stage.extra(
        lead, 0, names.artist_name(rng)[0], stage.start - 900 * DAY, EVERYWHERE, 4000, label=lead.act.label
    )
    since = stage.moment(rng)
    made = [
        stage.release(lead, 0, [Credit(act.n)], stage.songs(rng, 3), since, kind="ep", label=lead.act.label, home=True)
    ]
    stage.plant("side_project", lead, made, bound=[act], acts=[act], attack=False, scenario="G9")


def localised_profile(stage: Stage, lead: Lead) -> None:
    """The artist's official page for another script, linked from MusicBrainz."""
    rng = stage.rng(lead, "local")
    name = lookalikes.other_script(lead.act.name, lead.act.latin)
    act = stage.extra(
        lead,
        0,
        name,
        stage.start - 500 * DAY,
        ("spotify",),
        20_000,
        label=lead.act.label,
        latin=lead.act.latin or lead.act.name,
    )
    stage.link(lead, Link(profile_url("spotify", act.profiles["spotify"].id), "free streaming", FREE_STREAMING))
    release = stage.release(
        lead, 0, [Credit(act.n)], stage.songs(rng, 1), stage.moment(rng), label=lead.act.label, home=True
    )
    stage.plant("localised_profile", lead, [release], bound=[act], acts=[act], attack=False, scenario="G8")


def back_catalogue(stage: Stage, lead: Lead) -> None:
    """The label brings six old releases to the stores on one day."""
    rng = stage.rng(lead, "catalogue")
    since = stage.moment(rng)
    made = [
        stage.release(
            lead, 15, [Credit(lead.act.n)], stage.songs(rng, 10), since, kind="album", date=f"{1996 + year}-03-01",
            label=lead.act.label, home=True,
        )
        for year in range(6)
    ]  # fmt: skip
    stage.plant(
        "back_catalogue", lead, made, bound=[lead.act], attack=False, scenario="G12", note="home label, own codes"
    )


def homonym_daily(stage: Stage, lead: Lead) -> None:
    """A genuine namesake, there for years, who releases every day."""
    rng = stage.rng(lead, "homonym")
    act = stage.extra(
        lead, 0, lead.act.name, stage.start - 1500 * DAY, EVERYWHERE, 800, disambiguation="another act of that name"
    )
    made = [
        stage.release(lead, 0, [Credit(act.n)], stage.songs(rng, 1), stage.start + (day + 0.3) * DAY, label=act.name)
        for day in range(-30, 21)
    ]
    stage.plant("homonym_daily", lead, made, bound=[act], acts=[act], attack=False, scenario="G18", since=stage.start)


def real_collab(stage: Stage, first: Lead, second: Lead) -> None:
    """Two monitored artists really made a record together."""
    rng = stage.rng(first, "real-collab")
    release = stage.release(
        first, 15, [Credit(first.act.n), Credit(second.act.n)], stage.songs(rng, 1), stage.moment(rng),
        label=first.act.label, home=True, platforms=EVERYWHERE,
    )  # fmt: skip
    for lead in (first, second):
        stage.plant("real_collab", lead, [release], bound=[lead.act], attack=False, scenario="G10")


def mapping_split(stage: Stage, lead: Lead) -> None:
    """A store by mistake opened a second page for the artist; the releases are real."""
    rng = stage.rng(lead, "split")
    since = stage.moment(rng)
    act = stage.extra(lead, 0, lead.act.name, since, ("deezer", "itunes"), 30, label=lead.act.label)
    release = stage.release(lead, 0, [Credit(act.n)], stage.songs(rng, 2), since, label=lead.act.label, home=True)
    stage.plant("mapping_split", lead, [release], bound=[act], acts=[act], attack=False, scenario="G16")


def sampler_day(stage: Stage, *leads: Lead) -> None:
    """A label puts out one single each by several of its artists on one day, in a series with one cover."""
    rng = stage.rng(leads[0], "sampler-day")
    since, cover = stage.moment(rng), picture(-10_000 - leads[0].m)
    for place, lead in enumerate(leads):
        release = stage.release(
            lead, 15, [Credit(lead.act.n)], [Song(f"{names.title(rng)}", writers=(lead.act.name,))], since,
            label=lead.act.label, cover=cover, home=True, title=f"House Series {place + 1}", platforms=EVERYWHERE,
        )  # fmt: skip
        campaign = f"series-{leads[0].m}"
        stage.plant("sampler_day", lead, [release], bound=[lead.act], attack=False, scenario="G4", campaign=campaign)


def first_self_release(stage: Stage, lead: Lead) -> None:
    """The artist leaves the label and releases alone, and says so on MusicBrainz."""
    rng = stage.rng(lead, "alone")
    release = stage.release(
        lead, 15, [Credit(lead.act.n)], stage.songs(rng, 9), stage.moment(rng), kind="album", label=lead.act.name,
        platforms=EVERYWHERE,
    )  # fmt: skip
    stage.plant("first_self_release", lead, [release], bound=[lead.act], attack=False, scenario="G2")


def honest_covers(stage: Stage, lead: Lead) -> None:
    """Another act covers five of the artist's songs and names the writer."""
    rng = stage.rng(lead, "covers")
    act = stage.extra(lead, 0, names.band(rng), stage.start - 2000 * DAY, EVERYWHERE, 7000)
    tracks = [track for release in lead.before(stage.start)[:5] for track in stage.tracks_of(release)][:5]
    songs = [Song(track.title, writers=(lead.act.name,)) for track in tracks]
    release = stage.release(
        lead, 0, [Credit(act.n)], songs or stage.songs(rng, 5), stage.moment(rng), kind="album",
        title=f"{act.name} plays {lead.act.name}",
    )  # fmt: skip
    stage.plant("honest_covers", lead, [release], bound=[act], acts=[act], attack=False, scenario="G6")


def debut_day(stage: Stage, lead: Lead) -> None:
    """Several real newcomers put up their first song on one day by one distributor."""
    rng = stage.rng(lead, "debut")
    since = stage.moment(rng)
    acts = [stage.extra(lead, j, names.person(rng), since, fans=j) for j in range(5)]
    made = [
        stage.release(lead, j, [Credit(act.n)], stage.songs(rng, 1), since, label=act.name)
        for j, act in enumerate(acts)
    ]
    stage.plant("debut_day", lead, made, bound=acts, acts=acts, attack=False, scenario="G15")
