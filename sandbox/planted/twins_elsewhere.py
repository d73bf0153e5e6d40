"""Innocent twins on other pages: namesakes, second names, covers, remixes, newcomers."""

from sandbox.dialects.facts import of
from sandbox.made.people import FREE_STREAMING, profile_url
from sandbox.planted import lookalikes
from sandbox.planted.playbook import twin
from sandbox.planted.stage import Lead, Song, Stage
from sandbox.world import DAY, EVERYWHERE, PLATFORMS, STORES, Credit, Link


@twin("G6")
def honest_covers(stage: Stage, lead: Lead) -> None:
    """Another act covers five of the artist's songs and names the writer."""
    rng = stage.rng(lead)
    act = stage.extra(lead, stage.band(rng, lead), stage.start - 2000 * DAY, PLATFORMS, 7000)
    tracks = [track for release in lead.before(stage.start)[:5] for track in stage.tracks_of(release)][:5]
    songs = [Song(track.title, writers=(lead.act.name,)) for track in tracks]
    look = stage.stranger(lead, rng, label=act.name, p_owner=act.name, c_owner=act.name, platforms=PLATFORMS)
    title = f"{act.name} plays {lead.act.name}"
    release = stage.release(lead, look, [Credit(act.n)], songs, stage.moment(rng), kind="album", title=title)
    stage.plant(lead, [release], bound=[act], acts=[act], since=min(entry.since for entry in release.on.values()))


@twin("G7")
def stylised_page(stage: Stage, lead: Lead) -> None:
    """The artist's official second page writes the name with a gloss, and a reference links it."""
    rng = stage.rng(lead)
    reading = lead.act.latin or lookalikes.other_script(lead.act.name, "")
    name = f"{lead.act.name} ({reading})"
    official_page(stage, lead, name, stage.moment(rng))


@twin("G8")
def localised_profile(stage: Stage, lead: Lead) -> None:
    """The artist's official page for another script, linked from MusicBrainz."""
    rng = stage.rng(lead)
    official_page(stage, lead, lookalikes.other_script(lead.act.name, lead.act.latin), stage.moment(rng))


def official_page(stage: Stage, lead: Lead, name: str, since: float) -> None:
    """Let an older, linked page of the artist under another spelling get a release with home codes."""
    rng = stage.rng(lead)
    store = STORES[0]
    latin = lead.act.latin or lead.act.name
    act = stage.extra(lead, name, stage.start - 500 * DAY, (store,), 20_000, latin=latin)
    stage.link(lead, Link(profile_url(store, act.profiles[store].id), "free streaming", FREE_STREAMING))
    release = stage.release(lead, stage.home(lead), [Credit(act.n)], stage.songs(rng, lead, 1), since)
    stage.plant(lead, [release], bound=[act], acts=[act], since=since)


@twin("G9")
def side_project(stage: Stage, lead: Lead) -> None:
    """The artist's own second name, older than the weeks and known to MusicBrainz."""
    rng = stage.rng(lead)
    name = stage.band(rng, lead)
    act = stage.extra(lead, name, stage.start - 900 * DAY, PLATFORMS, 4000)
    look = stage.home(lead, platforms=PLATFORMS)
    since = stage.moment(rng)
    release = stage.release(lead, look, [Credit(act.n)], stage.songs(rng, lead, 3), since, kind="ep")
    stage.plant(lead, [release], bound=[act], acts=[act], since=since)


@twin("G11")
def label_remix_account(stage: Stage, lead: Lead) -> None:
    """The label's own account for sped-up versions, with the artist credited and the label's codes."""
    rng = stage.rng(lead)
    since = stage.moment(rng)
    act = stage.extra(lead, "sped up + slowed", stage.start - 400 * DAY, fans=52_000)
    tracks = [track for release in lead.before(stage.start)[-3:] for track in stage.tracks_of(release)][:3]
    songs = [Song(track.title, int(track.duration_ms * 0.8), "sped up", writers=(lead.act.name,)) for track in tracks]
    credits = [Credit(lead.act.n), Credit(act.n)]
    release = stage.release(lead, stage.home(lead), credits, songs, since, kind="ep")
    stage.plant(lead, [release], bound=[lead.act, act], acts=[act], since=since)


@twin("G15")
def debut_day(stage: Stage, lead: Lead) -> None:
    """Several real newcomers put up their first song on one day by one distributor."""
    rng = stage.rng(lead)
    since = stage.moment(rng)
    acts = [stage.extra(lead, stage.person(rng, lead), since, fans=place) for place in range(5)]
    made = []
    for act in acts:
        look = stage.stranger(lead, rng, label=act.name, p_owner=act.name, c_owner=act.name, writer=act.name)
        made.append(stage.release(lead, look, [Credit(act.n)], stage.songs(rng, lead, 1), since))
    stage.plant(lead, made, bound=acts, acts=acts)


@twin("G16")
def mapping_split(stage: Stage, lead: Lead) -> None:
    """Two stores by mistake open a second page for the artist; the release is real."""
    rng = stage.rng(lead)
    since = stage.moment(rng)
    stores = [store for store in EVERYWHERE if store in STORES[1:3] or of(store).ids_of in STORES[1:3]]
    act = stage.extra(lead, lead.act.name, since, stores, 30)
    release = stage.release(lead, stage.home(lead), [Credit(act.n)], stage.songs(rng, lead, 2), since)
    stage.plant(lead, [release], bound=[act], acts=[act])


@twin("G18")
def homonym_daily(stage: Stage, lead: Lead) -> None:
    """A genuine namesake, there for years, who releases every day."""
    rng = stage.rng(lead)
    name = lead.act.name
    act = stage.extra(lead, name, stage.start - 1500 * DAY, PLATFORMS, 800, disambiguation="another act of that name")
    look = stage.stranger(lead, rng, label=name, p_owner=name, c_owner=name, writer=name, platforms=PLATFORMS)
    made = [
        stage.release(lead, look, [Credit(act.n)], stage.songs(rng, lead, 1), stage.start + (day + 0.3) * DAY)
        for day in range(-30, 21)
    ]
    stage.plant(lead, made, bound=[act], acts=[act], since=stage.start)
