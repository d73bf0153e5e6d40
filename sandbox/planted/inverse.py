"""The inverse attack: something official disappears or is changed."""

from dataclasses import replace

from sandbox.dialects.facts import of
from sandbox.made.catalogue import picture
from sandbox.made.people import FREE_STREAMING, profile_url
from sandbox.planted.looks import forged_platforms
from sandbox.planted.playbook import attack
from sandbox.planted.stage import Lead, Stage
from sandbox.world import EVERYWHERE, STORES, Change, Link


@attack("inverse")
def official_vanished(stage: Stage, lead: Lead) -> None:
    """An impostor's complaint takes a genuine release of the artist down, on some stores only."""
    rng = stage.rng(lead)
    gone = stage.moment(rng)
    host = lead.before(stage.start)[-1]
    stores = forged_platforms(rng) if rng.random() < 0.5 else (rng.choice(STORES),)
    stores = tuple(store for store in stores if store in host.on) or tuple(set(host.on) & set(EVERYWHERE))
    host = stage.revise(host, on={p: replace(e, until=gone) if p in stores else e for p, e in host.on.items()})
    missing = replace(host, on={p: e for p, e in host.on.items() if p in stores})
    stage.plant(lead, [missing], bound=[lead.act], swapped=gone, since=gone, note=f"{host.key} is genuine")


@attack("inverse")
def cover_replaced(stage: Stage, lead: Lead) -> None:
    """The cover of a genuine release is exchanged."""
    rng = stage.rng(lead)
    when = stage.moment(rng)
    host = lead.before(stage.start)[-1]
    host = stage.revise(host, changes=(*host.changes, Change(when, "cover", picture(-90_000 - lead.m))))
    stage.plant(lead, [host], bound=[lead.act], swapped=when, since=when, note=f"{host.key} is genuine")


def change_page(stage: Stage, lead: Lead, field: str, value: str, note: str) -> None:
    """Let the artist's pages on one or two stores say something else from a time on."""
    rng = stage.rng(lead)
    when = stage.moment(rng)
    telling = [store for store in STORES if store in lead.act.profiles and (field != "image" or of(store).pictures)]
    stores = rng.sample(telling, min(len(telling), rng.choice((1, 1, 2))))
    pages = {
        p: replace(page, changes=(*page.changes, Change(when, field, value))) if p in stores else page
        for p, page in lead.act.profiles.items()
    }
    stage.plan.pages[lead.act.n] = pages
    named = replace(lead.act, profiles={store: pages[store] for store in stores})
    stage.plant(lead, acts=[named], swapped=when, since=when, note=note)


@attack("inverse")
def page_renamed(stage: Stage, lead: Lead) -> None:
    """The artist's official page is given another name."""
    name = stage.band(stage.shape.rng("renamed", lead.m), lead)
    change_page(stage, lead, "name", name, f"renamed to {name}")


@attack("inverse")
def picture_replaced(stage: Stage, lead: Lead) -> None:
    """The picture of the artist's official page is exchanged."""
    change_page(stage, lead, "image", picture(-80_000 - lead.m), "another picture")


@attack("inverse")
def link_replaced(stage: Stage, lead: Lead) -> None:
    """A reference's link to the artist's page is made to lead to an impostor's."""
    rng = stage.rng(lead)
    when = stage.moment(rng)
    act = stage.extra(lead, lead.act.name, when, fans=rng.randrange(2, 60))
    store = rng.choice([store for store in STORES if store in lead.act.profiles])
    real = profile_url(store, lead.act.profiles[store].id)
    stage.plan.unlinked.setdefault(lead.act.n, []).append((real, when))
    false = Link(profile_url(store, act.profiles[store].id), "free streaming", FREE_STREAMING, since=when)
    stage.link(lead, false)
    stage.plant(lead, acts=[act], swapped=when, note=f"the link on {store} leads to {act.profiles[store].id}")
