"""From checked roster rows into the store, in one transaction: who is new, who is known, and what was corrected.

A cell that says something replaces what the roster said there before; an empty one changes nothing. What is replaced
is withdrawn and kept in history. Artists that the file leaves out stay watched, and that is said; `replace` makes the
file the whole truth: they are watched no longer, and empty cells count too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from crawler.feed import candidates
from crawler.roster.file import BadRoster, RosterArtist
from crawler.roster.recognising import Recognised, recognise
from storage import frontier, judging_queue, merging, roster, tags
from storage.facts.roll import Known, roll
from storage.roster import Monitored, Standing

BY = "roster"
NAMED = 5  # names of artists told one by one


@dataclass(frozen=True, slots=True)
class Done:
    """What an import changed."""

    artists: int
    added: int
    changed: int
    profiles: int
    withdrawn: int = 0  # profiles that are the artist's no longer
    left_out: tuple[str, ...] = ()  # watched artists that the file doesn't name
    stopped: tuple[int, ...] = ()  # ids of artists that are watched no longer
    notes: tuple[str, ...] = ()  # what a person should know, one line each


def keep(connection: Connection, rows: Sequence[RosterArtist], at: datetime, *, replace: bool = False) -> Done:
    """Keep a whole roster file, or raise BadRoster with every row that the store contradicts."""
    roster.settle_bumps(connection)
    known = roll(connection)
    found = recognise(rows, known)
    if found.faults:
        raise BadRoster(found.faults)
    notes = _merged(connection, found, at)
    if found.merges:
        known = roll(connection)
        by_id = {k.id: k for k in known}
        found.known = {number: by_id[k.id] for number, k in found.known.items()}
    whole = _completed(rows, found, replace)
    ids, imported = roster.keep_artists(connection, list(whole.values()), at)
    corrections = [_correction(row, found.known.get(n), found, replace) for n, row in enumerate(rows)]
    withdrawn = _withdraw(connection, [c for c in corrections if c is not None], at)
    spoken = [(n, row) for n, row in enumerate(rows) if row.tags or (replace and "tags" in row.columns)]
    tags.keep(connection, {ids[whole[n].key]: row.tags for n, row in spoken})
    standings = [standing for n, row in enumerate(rows) for standing in _standings(row, ids[whole[n].key])]
    changed = roster.keep_standings(connection, standings, at)
    left = [k for k in known if k.watched and k.id not in {m.id for m in found.known.values()}]
    if replace:
        _stop(connection, left, "left out of the roster", at)
    again = [c.artist.id for c in corrections if c is not None and (c.pages or c.aliases or c.claims or c.notes)]
    judging_queue.want(connection, again, "the roster was corrected", at)
    notes += [note for c in corrections if c is not None for note in c.notes]
    notes += _namesakes(rows, found, known)
    return Done(
        imported.artists,
        imported.added,
        imported.changed,
        changed,
        withdrawn,
        tuple(k.name for k in left),
        tuple(k.id for k in left) if replace else (),
        tuple(notes),
    )


def remove(connection: Connection, artists: Sequence[Known], at: datetime) -> None:
    """Watch these artists no longer; everything that is known of them stays."""
    _stop(connection, artists, "removed from the roster", at)


def _stop(connection: Connection, artists: Sequence[Known], reason: str, at: datetime) -> None:
    roster.stop_watching(connection, [k.id for k in artists], BY, reason, at)
    for artist in artists:
        frontier.abandon(connection, artist.id)


def _merged(connection: Connection, found: Recognised, at: datetime) -> list[str]:
    notes = []
    for twin, into in found.merges:
        gone = merging.merge(connection, twin.id, into.id, BY, "one row of the roster names both", at)
        candidates.tell(connection, [(case_id, "withdrawn") for case_id in gone], at)
        notes.append(f"{into.name!r} was kept as two artists, {twin.key} and {into.key}: merged into {into.key}")
    return notes


def _completed(rows: Sequence[RosterArtist], found: Recognised, replace: bool) -> dict[int, Monitored]:
    """Give each row its artist's key, and what an empty cell leaves as it is."""
    whole = {}
    for number, row in enumerate(rows):
        known = found.known.get(number)
        mbid, weight = row.mbid, row.weight
        if known is not None:
            mbid = mbid if mbid or (replace and "mbid" in row.columns) else known.mbid
            weight = weight if "weight" in row.columns else known.weight
        claims = tuple(_claims(row))
        key = known.key if known else roster.new_key()
        whole[number] = Monitored(key, row.name, mbid, weight, row.aliases, claims)
    return whole


def _claims(row: RosterArtist) -> Iterable[tuple[str, str]]:
    yield from (("label", label) for label in row.labels)
    yield from (("isrc_prefix", prefix) for prefix in row.isrc_prefixes)


def _standings(row: RosterArtist, artist_id: int) -> Iterable[Standing]:
    for platform, profile_ids in row.profiles.items():
        for i in profile_ids:
            yield Standing(artist_id, platform, i, "official", BY, row.name, joint=(platform, i) in row.joint)


@dataclass(frozen=True, slots=True)
class _Correction:
    """What one row withdraws of what stood before."""

    artist: Known
    pages: tuple[tuple[str, str], ...]
    aliases: tuple[str, ...]
    claims: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def _correction(row: RosterArtist, known: Known | None, found: Recognised, replace: bool) -> _Correction | None:
    if known is None:
        return None
    given = {(p, i) for p, ids in row.profiles.items() for i in ids}
    spoken = set(row.profiles) | (row.columns if replace else set())
    mbid_changed = bool(known.mbid and row.mbid and known.mbid != row.mbid)
    pages = [
        page
        for page, authority in known.official.items()
        if page not in given
        and ((authority == BY and page[0] in spoken) or (authority in ("musicbrainz", "wikidata") and mbid_changed))
    ]
    pages += [page for page in found.moved.get(known.id, []) if page not in pages]
    aliases = [
        a for a in known.aliases if a not in row.aliases and (row.aliases or (replace and "aliases" in row.columns))
    ]
    said = {"label": ("labels", row.labels), "isrc_prefix": ("isrc_prefixes", row.isrc_prefixes)}
    claims = [
        (subject, value)
        for subject, value in known.claims
        if subject in said
        and value not in said[subject][1]
        and (said[subject][1] or (replace and said[subject][0] in row.columns))
    ]
    notes = [f"{row.name!r}: {p} {i} is no longer official (it was, by {known.official[p, i]})" for p, i in pages]
    if mbid_changed:
        notes.append(f"{row.name!r}: the MBID {known.mbid} is replaced by {row.mbid}")
    if row.name != known.name:
        notes.append(f"{known.name!r} is now called {row.name!r}")
    if not known.watched:
        notes.append(f"{row.name!r} is watched again")
    return _Correction(known, tuple(pages), tuple(aliases), tuple(claims), tuple(notes))


def _withdraw(connection: Connection, corrections: Sequence[_Correction], at: datetime) -> int:
    reason = "replaced by a roster import"
    pages = [(c.artist.id, *page) for c in corrections for page in c.pages]
    withdrawn = roster.withdraw_standings(connection, pages, BY, reason, at)
    for correction in corrections:
        if correction.pages:
            frontier.abandon(connection, correction.artist.id, correction.pages)
    aliases = [(c.artist.id, alias) for c in corrections for alias in c.aliases]
    roster.withdraw_aliases(connection, aliases, BY, reason, at)
    claims = [(c.artist.id, *claim) for c in corrections for claim in c.claims]
    roster.withdraw_claims(connection, claims, BY, reason, at)
    return withdrawn


def _namesakes(rows: Sequence[RosterArtist], found: Recognised, known: Sequence[Known]) -> list[str]:
    """Say which new artists share their name with one that was there: perhaps a correction was meant."""
    before: dict[str, list[Known]] = {}
    for k in known:
        before.setdefault(k.name, []).append(k)
    return [
        f"{row.name!r} is a new artist beside {' and '.join(k.key for k in before[row.name])} of the same name: "
        "neither MBID nor profiles agree"
        for number, row in enumerate(rows)
        if number not in found.known and row.name in before
    ]
