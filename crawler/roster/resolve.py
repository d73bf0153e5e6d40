"""Official profiles for the roster: MusicBrainz relations say, name searches only propose, shared releases decide.

A proposed page is asked for its list; where it shares barcodes, ISRCs, or most titles and days with the artist's known
pages elsewhere, strongly enough and alone among those of that name, it is the artist's, and the evidence is kept.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine

from crawler.roster import evidence
from crawler.roster.passes import Passes
from crawler.settings import Settings
from crawler.timelapse import Timepiece
from crawler.watching.enrol import SEARCHES
from crawler.watching.follow_up import Asking
from crawler.worker.reactor import Stop
from crawler.worker.worker import Progress
from spiders.base import pages
from spiders.base.platform import Platform, platforms
from storage import frontier, roster
from storage.database import writing
from storage.facts import bindings, concerned, discography, leads
from storage.facts.discography import Place
from storage.facts.leads import Page
from storage.frontier import Wanted
from storage.normalize import name_key
from storage.roster import Standing
from storage.targets import Ask

URGENT = 0
REFERENCE = "musicbrainz"
CANDIDATES = 8  # pages of one name whose lists are asked
COMMON = 4  # names under which a title says little


async def resolve(
    settings: Settings,
    engine: Engine,
    platforms: Mapping[str, type[Platform]],
    stops: list[Stop],
    progress: Progress = lambda worker: None,
    timepiece: Timepiece | None = None,
    least: float = evidence.ACCEPTED,
) -> list[dict[str, Any]]:
    """Ask the reference sources about every MBID and the platforms about every name; return what is new.

    Pages are taken for the artist's from `least` bits of evidence on.
    """
    time = timepiece or settings.clock()
    passes = Passes(settings, engine, platforms, stops, progress, time)
    asking = passes.asking

    with writing(engine) as connection:
        before = set(leads.standings(connection))
        _want(connection, asking, time.now())
    await passes.run()
    with writing(engine) as connection:
        by_shared_ids(connection, platforms, time.now())
        from_links(connection, time.now())
        entries = _want_entries(connection, asking, time.now())
    if entries:
        await passes.run()
    with writing(engine) as connection:
        from_links(connection, time.now(), "wikidata")
        propose(connection, time.now())
        new = _want_lists(connection, asking, time.now())
    if new:
        await passes.run()
    with writing(engine) as connection:
        by_evidence(connection, time.now(), least)
        for artist_id, pages in _still_proposed(connection, new).items():
            frontier.abandon(connection, artist_id, pages)
        after = leads.standings(connection)
    return [as_row(page) for page in after if page not in before]


def as_row(page: Page) -> dict[str, Any]:
    """Show a page that is official now, or proposed."""
    return {
        "artist": page.artist,
        "platform": page.platform,
        "id": page.profile_id,
        "name": page.name,
        "standing": page.standing,
        "reason": page.reason,
    }


def _want(connection: Connection, asking: Asking, at: datetime) -> None:
    references = [REFERENCE] if REFERENCE in asking.platforms else []
    wanted = [
        Wanted(asking.about(name, Ask.PROFILE, mbid), at, URGENT, (artist_id,))
        for artist_id, mbid in leads.artists_by_mbid(connection)
        for name in references
    ]
    settled = {(artist_id, platform) for artist_id, platform, _ in bindings.official_profiles(connection)}
    wanted += [
        Wanted(asking.about(platform, Ask.SEARCH, name), at, SEARCHES, (artist_id,))
        for platform, cls in asking.platforms.items()
        if Ask.SEARCH in cls.accepts
        for artist_id, name, _, _ in bindings.monitored(connection)
        if (artist_id, platform) not in settled
    ]
    found = frontier.want(connection, wanted, at)
    frontier.hasten(connection, list(found.values()), at, URGENT)


def _want_entries(connection: Connection, asking: Asking, at: datetime) -> int:
    """Ask the other references for the entries that are known to be the artist's."""
    wanted = [
        Wanted(asking.about(platform, Ask.PROFILE, profile_id), at, URGENT, (artist_id,))
        for artist_id, platform, profile_id in bindings.official_profiles(connection)
        if platform in asking.references - {REFERENCE} and Ask.PROFILE in asking.platforms[platform].accepts
    ]
    found = frontier.want(connection, wanted, at)
    frontier.hasten(connection, list(found.values()), at, URGENT)
    return len(found)


def by_shared_ids(connection: Connection, platforms: Mapping[str, type[Platform]], at: datetime) -> int:
    """Make official what bears the artist's MBID on a source that goes by MusicBrainz' ids."""
    names = {artist_id: name for artist_id, name, _, _ in bindings.monitored(connection)}
    said = [
        Standing(
            artist_id, name, mbid, "official", REFERENCE, names[artist_id], f"{cls.title} goes by MusicBrainz' ids"
        )
        for name, cls in platforms.items()
        if cls.reference and cls.pages_of == REFERENCE
        for artist_id, mbid in leads.artists_by_mbid(connection)
        if artist_id in names
    ]
    return roster.keep_standings(connection, said, at)


def _want_lists(connection: Connection, asking: Asking, at: datetime) -> dict[int, list[Place]]:
    """Ask for the lists of proposed pages, and of known ones never seen whole; return pages that are new to us."""
    wanted: dict[int, list[Place]] = {}
    known = _known_pages(connection)
    for (artist_id, platform), ids in _candidates(connection).items():
        if known.get(artist_id):
            wanted.setdefault(artist_id, []).extend((platform, i) for i in ids)
    candidates = {page for pages in wanted.values() for page in pages}
    new = candidates - discography.asked_already(connection, candidates)
    unseen = discography.never_seen_whole(connection, {page for a in wanted for page in known[a]} | candidates)
    asked = [
        Wanted(asking.about(platform, Ask.RELEASES, profile_id, section), at, URGENT, (artist_id,))
        for artist_id, pages in wanted.items()
        for platform, profile_id in [*pages, *known[artist_id]]
        if (platform, profile_id) in unseen and (cls := asking.platforms.get(platform)) and Ask.RELEASES in cls.accepts
        for section in cls.sections
        if section not in cls.rare_sections
    ]
    found = frontier.want(connection, asked, at)
    frontier.hasten(connection, list(found.values()), at, URGENT)
    return {artist_id: [page for page in pages if page in new] for artist_id, pages in wanted.items()}


def _known_pages(connection: Connection) -> dict[int, list[Place]]:
    known: dict[int, list[Place]] = {}
    for artist_id, platform, profile_id in bindings.official_profiles(connection):
        known.setdefault(artist_id, []).append((platform, profile_id))
    return known


def _still_proposed(connection: Connection, pages: dict[int, list[Place]]) -> dict[int, list[Place]]:
    """Leave out pages that are official by now."""
    known = _known_pages(connection)
    return {a: left for a, found in pages.items() if (left := [page for page in found if page not in known.get(a, ())])}


def by_evidence(connection: Connection, at: datetime, least: float = evidence.ACCEPTED) -> int:
    """Take proposed pages for the artist's whose releases say so, and keep with the others what they share."""
    known = _known_pages(connection)
    found = []
    for (artist_id, platform), ids in _candidates(connection).items():
        elsewhere = set(known.get(artist_id, ()))
        elsewhere -= discography.never_seen_whole(connection, elsewhere)
        candidates = {(platform, i) for i in ids}
        shown = discography.own_releases(connection, candidates | elsewhere)
        theirs = [own for page in elsewhere for own in shown.get(page, ())]
        keys = {own.title_key for page in candidates for own in shown.get(page, ())}
        common = discography.common_titles(connection, keys, COMMON)
        weighed = [
            (i, evidence.weigh(shown[platform, i], theirs, common)) for _, i in candidates if (platform, i) in shown
        ]
        chosen = evidence.accepted(weighed, least) if theirs else None
        names = dict(leads.names_of(connection, platform, [i for i, _ in weighed]))
        for profile_id, met in weighed:
            if met.barcodes or met.isrcs or met.dated or met.titled:
                standing = "official" if profile_id == chosen else "proposed"
                said = met.sentence([f"{p} {i}" for p, i in elsewhere if (p, i) in shown])
                where = (artist_id, platform, profile_id)
                found.append(Standing(*where, standing, "evidence", names[profile_id], said))
    return roster.keep_standings(connection, found, at)


def from_links(connection: Connection, at: datetime, reference: str = REFERENCE) -> int:
    """Make official what a reference source links to an artist's entry; relations that ended say nothing.

    An entry that names another MBID than the artist's is a mistake and says nothing either. A page that is somebody
    else's by then, that the source gives to two artists, that the roster has taken back, or that a case is about, is
    only proposed: anybody may edit a reference.
    """
    known, mbids = platforms(), dict(leads.artists_by_mbid(connection))
    found = [
        (artist_id, name, url, page)
        for artist_id, name, url in leads.linked_pages(connection, reference)
        for page in pages.profiles_of(url)
    ]
    wrong = {who for who, _, _, page in found if page[0] == REFERENCE and page[1] != mbids.get(who)}
    if reference != REFERENCE:
        found = [one for one in found if one[0] not in wrong and not known[one[3][0]].reference]
    linked: dict[Place, set[int]] = {}
    for artist_id, _, _, page in found:
        linked.setdefault(page, set()).add(artist_id)
    owners = discography.owners(connection, list(linked))
    taken_back, accused = discography.corrected_away(connection), concerned.accused(connection)
    said = []
    for artist_id, name, url, page in found:
        whose = owners.get(page, {})
        reason, others = f"{known[reference].title} links {url}", whose.keys() - {artist_id}
        standing = "official"
        if others:
            standing, reason = "proposed", f"{reason}, but it is official for {owners[page][min(others)][0]}"
        elif len(linked[page]) > 1:
            standing, reason = "proposed", f"{reason} for {len(linked[page])} artists of the roster"
        elif (artist_id, f"{page[0]}:{page[1]}") in taken_back:
            standing, reason = "proposed", f"{reason}, but the roster has taken it back"
        elif (artist_id, *page) in accused and artist_id not in whose:
            standing, reason = "proposed", f"{reason}, but a case asks whose it is"
        said.append(Standing(artist_id, *page, standing, reference, name, reason))
    return roster.keep_standings(connection, said, at)


def propose(connection: Connection, at: datetime) -> int:
    """Propose profiles under an artist's very name on platforms where no official profile is known."""
    settled = {(artist_id, platform) for artist_id, platform, _ in bindings.official_profiles(connection)}
    proposals = [
        Standing(artist_id, *page, "proposed", "search", name, f"name search: {name!r} met {met!r}")
        for artist_id, met, page, name in _namesakes(connection)
        if (artist_id, page[0]) not in settled
    ]
    return roster.keep_standings(connection, proposals, at)


def _namesakes(connection: Connection) -> Iterator[tuple[int, str, Place, str]]:
    """Yield (artist id, spelling met, page, its name) of the pages under an artist's very name that are nobody's."""
    monitored: dict[str, dict[int, str]] = {}
    for artist_id, name, aliases, _ in bindings.monitored(connection):
        for spelling in (name, *aliases):
            monitored.setdefault(name_key(spelling), {}).setdefault(artist_id, spelling)
    named = list(leads.pages_named(connection, monitored))
    owned = discography.owners(connection, [(platform, profile_id) for platform, profile_id, _, _ in named])
    for platform, profile_id, name, key in named:
        if (platform, profile_id) not in owned:
            for artist_id, met in monitored[key].items():
                yield artist_id, met, (platform, profile_id), name


def _candidates(connection: Connection) -> dict[tuple[int, str], list[str]]:
    """Map (artist id, platform) to the pages worth holding against what is known.

    Where a page is official on a reference's word alone, another may be the artist's too: many link one of two.
    """
    found = discography.proposals(connection)
    linked = discography.linked_only(connection)
    for artist_id, _, (platform, profile_id), _ in _namesakes(connection):
        if (artist_id, platform) in linked:
            found.setdefault((artist_id, platform), []).append(profile_id)
    return {pair: list(dict.fromkeys(ids))[:CANDIDATES] for pair, ids in found.items()}
