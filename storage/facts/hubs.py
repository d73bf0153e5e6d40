"""What suspects share that much of the store uses too, and which of them a person took apart. Reads only, in sets.

Asked only of values on cases of several artists: what nobody shares ties nobody, however widespread it is.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Select, Text, column, func, select, values

from storage.campaigns import LIVE
from storage.facts.members import Suspect
from storage.facts.shown import WRITERS
from storage.facts.spreads import MOST
from storage.groups import CUT
from storage.models import case, credit, finding, listing, profile, release, release_line, release_tie, track
from storage.sets import ROWS_A_STATEMENT, batched

Value = tuple[str, str]  # what it is of, and the value
Uses = Callable[[Any], Select[Any]]


def spread(connection: Connection, found: Collection[Suspect]) -> dict[Value, int]:
    """Map what cases of several artists share to how many unrelated acts of the store use it, up to a bound."""
    counted: dict[Value, int] = {}
    for what, asked in _shared(found).items():
        for part in batched(sorted(asked), ROWS_A_STATEMENT):
            for row in connection.execute(_acts(part, USES[what])):
                value = (what, asked[row[0]])
                counted[value] = max(row[1], counted.get(value, 0))
    return counted


def parted(connection: Connection, case_ids: Collection[int]) -> set[frozenset[int]]:
    """List the pairs among these cases of whose releases a person took some apart."""
    one, other, wanted = finding.alias("one"), finding.alias("other"), set(case_ids)
    rows = connection.execute(
        select(one.c.case_id, other.c.case_id)
        .select_from(release_tie)
        .join(one, one.c.release_id == release_tie.c.release_a)
        .join(other, other.c.release_id == release_tie.c.release_b)
        .where(release_tie.c.basis == CUT, one.c.case_id != other.c.case_id)
        .distinct()
    )
    return {frozenset(pair) for pair in map(tuple, rows) if wanted.issuperset(pair)}


def _shared(found: Iterable[Suspect]) -> dict[str, dict[str, str]]:
    """Map what suspects of several artists share, as it is written in the store, to how they are compared."""
    artists: dict[Value, set[int]] = {}
    written: dict[Value, set[str]] = {}
    for one in found:
        for what, text, value in _values(one):
            artists.setdefault((what, value), set()).add(one.artist)
            written.setdefault((what, value), set()).add(text)
    asked: dict[str, dict[str, str]] = {}
    for what, value in sorted(key for key, users in artists.items() if len(users) > 1):
        asked.setdefault(what, {}).update(dict.fromkeys(written[what, value], value))
    return asked


def _values(one: Suspect) -> Iterator[tuple[str, str, str]]:
    yield from (("line", key, key) for key in one.lines)
    yield from (("registrant", isrc[:5], isrc[:5]) for isrc in one.isrcs)
    yield from (("cover", url, url) for url in one.covers)
    yield from (("writer", name, key) for name, key in one.writers.items())
    yield from (("image", url, url) for url in one.images)


def _acts(asked: Iterable[str], uses: Uses) -> Select[str, int]:
    """Count the acts behind each value: pages of one name are one, and the suspects' own pages are none."""
    value = values(column("value", Text), name="asked").data([(one,) for one in asked]).cte("asked").c.value
    acts = uses(value).distinct().limit(MOST).correlate(value.table).subquery()
    count = select(func.count()).select_from(acts).correlate(value.table).scalar_subquery()
    return select(value, count)


def _listed(value: Any, releases: Select[Any]) -> Select[Any]:
    """Find acts whose pages showed such releases at their first look: what came since may be the wave itself."""
    return (
        select(profile.c.name_key)
        .join(listing, listing.c.profile_id == profile.c.id)
        .where(
            listing.c.release_id.in_(releases.correlate(value.table)), ~listing.c.new, profile.c.id.not_in(_strange())
        )
    )


def _strange() -> Select[Any]:
    return (
        select(finding.c.profile_id)
        .join(case, case.c.id == finding.c.case_id)
        .where(finding.c.release_id.is_(None), case.c.origin == "news", case.c.status.in_(LIVE))
    )


def _lined(value: Any) -> Select[Any]:
    return _listed(value, select(release_line.c.release_id).where(release_line.c.text_key == value))


def _registered(value: Any) -> Select[Any]:
    # year and number are digits: bounds that mean the same in every collation, and that the index knows
    codes = track.c.isrc.between(value.concat("0000000"), value.concat("9999999"))
    return _listed(value, select(track.c.release_id).where(codes))


def _covered(value: Any) -> Select[Any]:
    return _listed(value, select(release.c.id).where(release.c.cover_url == value))


def _written(value: Any) -> Select[Any]:
    wrote = credit.c.name == value, credit.c.role.in_(sorted(WRITERS))
    return _listed(value, select(credit.c.release_id).where(*wrote))


def _pictured(value: Any) -> Select[Any]:
    return select(profile.c.name_key).where(profile.c.image_url == value, profile.c.id.not_in(_strange()))


USES: dict[str, Uses] = {
    "line": _lined,
    "registrant": _registered,
    "cover": _covered,
    "writer": _written,
    "image": _pictured,
}
