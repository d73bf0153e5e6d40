"""A person's word on whose page it is: confirmed or rejected, with the case about it, if one is open."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from crawler import verdicts
from crawler.roster.cells import artist_pages, read_profile
from spiders.base.platform import platform_names
from storage import cases, judging_queue, roster
from storage.facts import discography, leads
from storage.facts.roll import Known
from storage.roster import Standing


class Contested(Exception):
    """A page can't be official for this artist, and the message names whose it is."""


def read_page(text: str) -> tuple[str, str]:
    """Return the platform and profile id of an address or <platform>:<id>, or raise ValueError."""
    known = platform_names()
    for platform, profile_id in artist_pages(text):
        if platform in known:
            return platform, profile_id
    platform, _, profile_id = text.partition(":")
    if platform.lower() not in known:
        raise ValueError(f"an artist page's address or <platform>:<id> was expected, got {text[:80]!r}")
    return platform.lower(), read_profile(platform.lower(), profile_id)


def decide(
    connection: Connection,
    artist: Known,
    pages: Sequence[tuple[str, str]],
    official: bool,
    by: str,
    at: datetime,
    *,
    joint: bool = False,
) -> int:
    """Say that pages are an artist's, or are not; returns how many standings changed."""
    verdicts.person(connection, by)
    if official and not joint:
        for page, owners in discography.owners(connection, pages).items():
            for owner_id, (name, authority) in owners.items():
                if owner_id != artist.id:
                    raise Contested(
                        f"{page[0]} profile {page[1]} is official for {name!r} (by {authority}): reject it there, "
                        f"or say that {artist.name!r} shares it with --joint"
                    )
    changed = 0
    word, verdict = ("official", "legitimate") if official else ("namesake", "namesake")
    reason = f"{'confirmed' if official else 'rejected'} by {by}"
    for platform, profile_id in pages:
        found = leads.page_of(connection, platform, profile_id)
        name = found[1] if found is not None else artist.name
        said = Standing(artist.id, platform, profile_id, word, "analyst", name, reason, joint)
        changed += roster.keep_standings(connection, [said], at)
        if found is not None:
            about = [c for c in cases.about_pages(connection, [found[0]]) if c[0] == artist.id]
            keys = [cases.key_of("profile", artist_id, group_id) for artist_id, group_id, _ in about]
            for state in cases.states(connection, keys).values():
                verdicts.decide(connection, state.id, verdict, by, "", at)
    judging_queue.want(connection, [artist.id], "whose pages are whose was decided", at)
    return changed
