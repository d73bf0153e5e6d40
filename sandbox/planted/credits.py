"""Abused credits: the artist is named by somebody who never asked."""

from dataclasses import replace

from sandbox.planted.looks import filler
from sandbox.planted.playbook import attack
from sandbox.planted.stage import Lead, Song, Stage
from sandbox.world import DAY, EVERYWHERE, STORES, Credit


@attack("E", "G10")
def stranger_feat(stage: Stage, lead: Lead) -> None:
    """An unknown main artist names the artist as guest, once on the sleeve and once on a track only."""
    rng = stage.rng(lead)
    since = stage.moment(rng, 3)
    stranger = stage.extra(lead, stage.person(rng, lead), since, fans=11)
    look = stage.stranger(lead, rng, platforms=EVERYWHERE)
    look = replace(look, label=stranger.name if rng.random() < 0.5 else look.label)
    title, quiet_title = stage.title(rng, lead), stage.title(rng, lead)
    named = [Credit(stranger.n), Credit(lead.act.n, "featured")]
    loud = stage.release(lead, look, named, [Song(title)], since, title=f"{title} (feat. {lead.act.name})")
    hidden = [Credit(stranger.n), Credit(lead.act.n, "guest")]
    quiet = stage.release(lead, look, hidden, [Song(quiet_title)], since + 3 * DAY)
    stage.plant(lead, [loud, quiet], bound=[lead.act], acts=[stranger])


@attack("E", "G10", leads=2)
def fabricated_collab(stage: Stage, first: Lead, second: Lead) -> None:
    """Two victims who never met are both credited on one release."""
    rng = stage.rng(first)
    credits = [Credit(first.act.n), Credit(second.act.n)]
    look = stage.stranger(first, rng, label=filler(rng), platforms=EVERYWHERE)
    release = stage.release(first, look, credits, stage.songs(rng, first, 1), stage.moment(rng))
    for lead in (first, second):
        stage.plant(lead, [release], bound=[lead.act], campaign=f"collab-{first.m}")


@attack("E")
def false_remixer(stage: Stage, lead: Lead) -> None:
    """A stranger puts up a song as remixed by the artist, who is credited beside the stranger."""
    rng = stage.rng(lead)
    since = stage.moment(rng)
    stranger = stage.extra(lead, stage.person(rng, lead), since, fans=4)
    title = stage.title(rng, lead)
    song = Song(title, version=f"{lead.act.name} Remix")
    look = stage.stranger(lead, rng)
    release = stage.release(
        lead, look, [Credit(stranger.n), Credit(lead.act.n)], [song], since, title=f"{title} ({lead.act.name} Remix)"
    )
    stage.plant(lead, [release], bound=[lead.act], acts=[stranger])


@attack("J", "G19")
def voice_clone(stage: Stage, lead: Lead) -> None:
    """A voice alike under a name of its own: metadata cannot show it, so nothing may be reported."""
    rng = stage.rng(lead)
    act = stage.extra(lead, stage.person(rng, lead), stage.moment(rng), fans=90_000)
    look = stage.stranger(lead, rng, label=stage.imprint(rng, lead))
    since = act.profiles[STORES[0]].since
    release = stage.release(lead, look, [Credit(act.n)], stage.songs(rng, lead, 1), since)
    stage.plant(lead, [release], bound=[act], acts=[act], seen=False, note="invisible in metadata")
