"""What follows a takedown."""

from dataclasses import replace

from sandbox.planted.looks import stay
from sandbox.planted.playbook import attack
from sandbox.planted.stage import Lead, Song, Stage
from sandbox.world import DAY, EVERYWHERE, Credit


@attack("K", "G13")
def move_after_takedown(stage: Stage, lead: Lead) -> None:
    """A forgery leaves the real page and goes on under a same-named one; a copy of it is uploaded again."""
    rng = stage.rng(lead)
    since = stage.moment(rng, 10)
    act = stage.extra(lead, lead.act.name, since + 4 * DAY, fans=20)
    credits = [Credit(lead.act.n, until=since + 4 * DAY), Credit(act.n, since=since + 4.5 * DAY)]
    look = stage.stranger(lead, rng, platforms=EVERYWHERE)
    first = stage.release(lead, look, credits, stage.songs(rng, lead, 2), since)
    again = [Song(track.title, track.duration_ms, isrc=track.isrc) for track in stage.plan.tracks[first.n]]
    look = replace(look, cover=first.cover)
    second = stage.release(lead, look, [Credit(lead.act.n)], again, since + 9 * DAY, title=first.title)
    note = "unlinked after four days, then under another profile, then uploaded again"
    stage.plant(lead, [first, second], bound=[lead.act, act], acts=[act], note=note)


@attack("K", "G13")
def uploaded_again(stage: Stage, lead: Lead) -> None:
    """A forgery is removed, and comes again under a new id with new codes and the same title, lengths and cover."""
    rng = stage.rng(lead)
    days = min(stay(rng), 8.0)
    since = stage.moment(rng, days + 4)
    look = stage.stranger(lead, rng, platforms=EVERYWHERE)
    first = stage.release(lead, look, [Credit(lead.act.n)], stage.songs(rng, lead, 1), since)
    again = [Song(track.title, track.duration_ms, writers=track.writers) for track in stage.plan.tracks[first.n]]
    first = stage.until(first, since + days * DAY)
    look = replace(look, cover=first.cover)
    second = stage.release(lead, look, [Credit(lead.act.n)], again, since + (days + rng.uniform(1, 3)) * DAY)
    stage.plant(lead, [first, second], bound=[lead.act], note="removed and uploaded again")
