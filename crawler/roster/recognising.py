"""Which row of a roster file is which artist of the store: by MBID, then by profile, then by name. Pure.

Nothing is guessed: where two artists fit and nothing tells them apart, the row is a fault that names both. Two
namesakes with different profiles are two artists, also where their names only differ in signs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crawler.roster.file import RosterArtist
from storage.facts.roll import Known
from storage.normalize import name_key

Page = tuple[str, str]


@dataclass(slots=True)
class Recognised:
    """Whose rows these are: known artists by row number; rows without one are new artists."""

    known: dict[int, Known] = field(default_factory=dict)
    merges: list[tuple[Known, Known]] = field(default_factory=list)  # (from, into): one artist that was kept as two
    moved: dict[int, list[Page]] = field(default_factory=dict)  # known artist's id -> pages that another row takes
    faults: list[str] = field(default_factory=list)


def recognise(rows: Sequence[RosterArtist], known: Sequence[Known]) -> Recognised:
    """Match rows with the artists of the store, and check that no page would be official for two of them."""
    matching = _Matching(rows, known)
    matching.by_mbid()
    matching.by_page()
    matching.by_name()
    matching.check_pages()
    return matching.found


def pages_of(row: RosterArtist) -> set[Page]:
    """List the pages that a row gives to its artist alone."""
    return {(p, i) for p, ids in row.profiles.items() for i in ids} - row.joint


class _Matching:
    def __init__(self, rows: Sequence[RosterArtist], known: Sequence[Known]) -> None:
        self.rows, self.found = rows, Recognised()
        self.taken: dict[int, int] = {}  # known artist's id -> row number
        self.given = {name_key(row.name) for row in rows}
        self.mbids = {k.mbid: k for k in known if k.mbid}
        self.names: dict[str, list[Known]] = {}
        self.owners: dict[Page, list[Known]] = {}
        for k in known:
            self.names.setdefault(k.name_key, []).append(k)
            for page in k.official.keys() - k.joint:
                self.owners.setdefault(page, []).append(k)

    def take(self, number: int, artist: Known) -> None:
        self.found.known[number] = artist
        self.taken[artist.id] = number

    def fault(self, row: RosterArtist, text: str) -> None:
        self.found.faults.append(f"{row.where}: {text}" if row.where else text)

    def left(self) -> list[tuple[int, RosterArtist]]:
        return [(n, row) for n, row in enumerate(self.rows) if n not in self.found.known]

    def by_mbid(self) -> None:
        for number, row in enumerate(self.rows):
            if row.mbid and (artist := self.mbids.get(row.mbid)):
                self.take(number, artist)

    def by_page(self) -> None:
        for number, row in self.left():
            owners = {k.id: k for page in pages_of(row) for k in self.owners.get(page, ()) if k.id not in self.taken}
            if not owners:
                continue
            same = [k for k in owners.values() if k.name_key == name_key(row.name)]
            exact = [k for k in same if k.name == row.name]
            chosen = exact if len(exact) == 1 else same if same else list(owners.values())
            if len(chosen) > 1:
                self.fault(row, f"the profiles of {row.name!r} are official for {_told(chosen)}; is that one artist?")
            elif same or self._renamed(row, chosen[0]):
                self.take(number, chosen[0])

    def _renamed(self, row: RosterArtist, owner: Known) -> bool:
        """Tell whether a page's owner goes by the row's name now; else the page has moved to somebody else."""
        known = any(k.name == row.name and k.id not in self.taken for k in self.names.get(name_key(row.name), ()))
        return not known and owner.name_key not in self.given and not _other_mbid(row, owner)

    def by_name(self) -> None:
        wanted: dict[int, list[int]] = {}  # known artist -> rows that would take it
        for number, row in self.left():
            fitting = [k for k in self.names.get(name_key(row.name), ()) if k.id not in self.taken and _fits(row, k)]
            exact = [k for k in fitting if k.name == row.name]
            fitting = exact or fitting
            watched = [k for k in fitting if k.watched]
            fitting = watched or fitting
            if len(fitting) > 1:
                self.fault(
                    row,
                    f"{len(fitting)} artists are called {row.name!r}: {_told(fitting)}; which one is meant? "
                    "Give the MBID or a profile that the store knows",
                )
            elif fitting:
                wanted.setdefault(fitting[0].id, []).append(number)
        by_id = {k.id: k for group in self.names.values() for k in group}
        for artist_id, numbers in wanted.items():
            if len(numbers) > 1:
                row = self.rows[numbers[-1]]
                self.fault(
                    row,
                    f"{len(numbers)} rows could be {_told([by_id[artist_id]])}; "
                    "give one of them the MBID or a profile that the store knows",
                )
            else:
                self.take(numbers[0], by_id[artist_id])

    def check_pages(self) -> None:
        """Refuse what would make a page official for two artists; a row of the same file may hand it over."""
        for number, row in enumerate(self.rows):
            me = self.found.known.get(number)
            for page in sorted(pages_of(row)):
                for owner in self.owners.get(page, ()):
                    if me is None or owner.id != me.id:
                        self._hand_over(row, me, page, owner)
            for page in sorted(row.joint):
                for owner in self.owners.get(page, ()):
                    theirs = self.taken.get(owner.id)
                    if (me is None or owner.id != me.id) and (theirs is None or page not in self.rows[theirs].joint):
                        self.fault(row, _contested(page, owner, row))

    def _hand_over(self, row: RosterArtist, me: Known | None, page: Page, owner: Known) -> None:
        theirs = self.taken.get(owner.id)
        released = (
            theirs is not None and self.rows[theirs].profiles.get(page[0]) and not _gives(self.rows[theirs], page)
        )
        if released and owner.official[page] != "analyst":
            self.found.moved.setdefault(owner.id, []).append(page)
        elif me is not None and theirs is None and owner.name_key == name_key(row.name) and owner.mbid is None:
            if (owner, me) not in self.found.merges:
                self.found.merges.append((owner, me))
        else:
            self.fault(row, _contested(page, owner, row))


def _gives(row: RosterArtist, page: Page) -> bool:
    return page[1] in row.profiles.get(page[0], ())


def _other_mbid(row: RosterArtist, known: Known) -> bool:
    return bool(row.mbid and known.mbid and row.mbid != known.mbid)


def _fits(row: RosterArtist, known: Known) -> bool:
    """Tell whether a row of this name may be that artist: under the very name one thing may be a correction."""
    theirs: dict[str, set[str]] = {}
    for platform, profile_id in known.official.keys() - known.joint:
        theirs.setdefault(platform, set()).add(profile_id)
    mine: Mapping[str, Iterable[str]] = {p: ids for p, ids in row.profiles.items() if p != "musicbrainz"}
    other_pages = [platform for platform, ids in mine.items() if theirs.get(platform) and not theirs[platform] & {*ids}]
    contradictions = len(other_pages) + _other_mbid(row, known)
    return contradictions <= (1 if row.name == known.name else 0)


def _told(artists: Iterable[Known]) -> str:
    """Name artists so that a person can tell them apart."""

    def one(k: Known) -> str:
        ids = [k.mbid] if k.mbid else [f"{p} {i}" for p, i in sorted(k.official)[:2]]
        return f"{k.name!r} ({', '.join([k.key, *ids])})"

    return " and ".join(one(k) for k in artists)


def _contested(page: Page, owner: Known, row: RosterArtist) -> str:
    platform, profile_id = page
    return (
        f"{platform} profile {profile_id} is official for {owner.name!r} (by {owner.official[page]}) and given to "
        f"{row.name!r} here; correct both in one file, or declare it in both as joint:{profile_id}"
    )
