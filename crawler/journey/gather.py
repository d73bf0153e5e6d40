"""Everything that judging one look needs, read at once. Reads only."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from crawler.journey import nearby
from crawler.journey.grouping import Touched
from crawler.journey.surroundings import Acts, within
from crawler.resemblance import Kind
from crawler.suspicion.meeting import Likeness, Met, Names, likenesses
from crawler.suspicion.questions.pages import COPIED, rare_titles
from crawler.watching.follow_up import Asking
from storage import cases, groups
from storage.facts import concerned, leads, losses
from storage.facts import events as facts
from storage.facts.appearances import ids_of
from storage.facts.values import Event, Resembled
from storage.observations import IdentitySeen, ProfileSeen, Told
from storage.recording.record import Recorded
from storage.targets import Ask

Pair = tuple[int, int]


@dataclass(slots=True)
class Gathered:
    """The events that a look touched with the cases they have, and what it makes worth asking."""

    told: Told
    recorded: Recorded
    events: list[Event] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)  # of each event
    states: dict[str, cases.State] = field(default_factory=dict)
    withdrawn: list[tuple[int, str]] = field(default_factory=list)
    first_shown: list[tuple[str, bool]] = field(default_factory=list)  # (release id, came after the baseline)
    nearby: list[str] = field(default_factory=list)  # pages that a search began to show, and no name of ours meets
    census: set[int] = field(default_factory=set)  # artists whose pages are to be judged as a whole


def meet(names: Names, told: Told, owned: frozenset[str]) -> Met:
    """Find the monitored names in an answer."""
    return likenesses(names, told.observations, owned)


def gather(
    connection: Connection,
    asking: Asking,
    names: Names,
    told: Told,
    recorded: Recorded,
    met: Met,
    touched: Touched,
    owned: frozenset[str],
    acts: Acts,
) -> Gathered:
    """Read the events that a look touched."""
    gathered = Gathered(told, recorded, withdrawn=touched.events)
    if recorded.first_listings:
        gathered.first_shown = leads.first_shown(connection, recorded.first_listings)
    gathered.first_shown += _begun(connection, told, recorded, met)
    if recorded.set_baseline:
        gathered.census = set(recorded.artists)
    if told.target.platform not in asking.references:
        releases = concerned.concerned(connection, touched.releases)
        releases |= _named(connection, names, told, met) | _led(connection, told, recorded, owned)
        wanted = concerned.has_news(connection, releases) | concerned.with_cases(connection, "release", releases)
        profiles = {
            (one.artist_id, touched.profiles[profile_id])
            for profile_id, found in met.profiles.items()
            if profile_id in touched.profiles
            for one in found
        } | {
            (artist_id, group_id)
            for profile_id, group_id in touched.profiles.items()
            if profile_id not in met.profiles
            for artist_id in recorded.artists
        }
        gathered.nearby = nearby.begun(connection, names, told, recorded, met, owned)
    else:
        releases, profiles = set(), _referred(connection, told, recorded)
        wanted = concerned.with_cases(connection, "release", concerned.concerned(connection, touched.releases))
    profiles = facts.pages_that_came(connection, profiles) | concerned.with_cases(connection, "profile", profiles)
    memo: facts.Memo = {}
    events = facts.release_events(connection, wanted, asking.references, told.ended_at, memo)
    events += facts.profile_events(connection, profiles, asking.references, told.ended_at, memo)
    read(events, names)
    for event in events:
        _add(gathered, with_names(within(connection, event, acts, told.ended_at), names))
    gathered.groups = numbered(connection, gathered.events)
    for group_id, event in (
        *losses.disappearances(connection, recorded.removed_listings, asking.references, told.ended_at),
        *losses.disappearances(connection, recorded.returned_listings, asking.references, told.ended_at),
        *_altered(connection, told, recorded, asking.references, memo),
        *losses.tampered(connection, told.target.platform, own_pages(told, owned), recorded.look_id, told.ended_at),
    ):
        gathered.events.append(event)
        gathered.groups.append(group_id)
    keys = [cases.key_of(e.kind, e.artist.id, g) for e, g in zip(gathered.events, gathered.groups, strict=True)]
    gathered.states = cases.states(connection, keys)
    return gathered


def _begun(connection: Connection, told: Told, recorded: Recorded, met: Met) -> list[tuple[str, bool]]:
    """List the releases that a search began to show whose titles hold a name: theirs are pages that nobody watches."""
    if told.target.ask is not Ask.SEARCH or recorded.baseline_at is None or recorded.set_baseline:
        return []
    ids = ids_of(connection, {(told.target.platform, one) for one in met.releases})
    return [(release_id, True) for (_, release_id), row_id in sorted(ids.items()) if row_id in recorded.new_releases]


def _altered(
    connection: Connection, told: Told, recorded: Recorded, references: frozenset[str], memo: facts.Memo
) -> list[tuple[int, Event]]:
    asks = (Ask.RELEASE, Ask.RELEASES)  # a list tells covers, a full record tracks
    if told.target.ask not in asks or not recorded.changed_releases or told.target.platform in references:
        return []
    is_list = told.target.ask is Ask.RELEASES
    return losses.altered(
        connection, recorded.changed_releases, recorded.look_id, references, told.ended_at, memo, is_list=is_list
    )


def own_pages(told: Told, owned: frozenset[str]) -> set[str]:
    """List the official pages that an answer described."""
    return {o.id for o in told.observations if isinstance(o, ProfileSeen) and o.id in owned}


def _add(gathered: Gathered, event: Event) -> None:
    if is_event(event):
        gathered.events.append(event)


def is_event(event: Event) -> bool:
    """Tell whether there is anything to judge: a page must meet the name or copy titles, its releases are its event."""
    if event.kind == "profile":
        return bool(event.resembled) or len(rare_titles(event)) >= COPIED
    if event.kind != "release" or any(finding.role != "credited" for finding in event.findings):
        return True
    pages = {finding.page.name for finding in event.findings}
    mine = any(credit.artist_id == event.artist.id for credit in (event.shown.credits if event.shown else ()))
    return mine or any(one.where != "credit" or one.text not in pages for one in event.resembled)


def numbered(connection: Connection, events: Iterable[Event]) -> list[int]:
    """Say which group each event is about."""
    found = []
    for event in events:
        if event.shown is not None:
            found.append(event.shown.group_id)
        else:
            pages = [f.page.id for f in event.findings]
            found.append(min(groups.profile_group_of(connection, pages).values()))
    return found


def _named(connection: Connection, names: Names, told: Told, met: Met) -> set[Pair]:
    """List (artist, group) of releases whose titles or credits name an artist."""
    if not met.releases:
        return set()
    ids = ids_of(connection, {(told.target.platform, one) for one in met.releases})
    group_of = groups.group_of(connection, sorted(ids.values()))
    return {
        (likeness.artist_id, group_of[row_id])
        for release_id, found in met.releases.items()
        if (row_id := ids.get((told.target.platform, release_id))) in group_of
        for _, likeness in found
        if likeness.artist_id in names.names
    }


def _led(connection: Connection, told: Told, recorded: Recorded, owned: frozenset[str]) -> set[Pair]:
    """List (artist, group) of releases whose leader was just described, for the artists who asked."""
    if told.target.ask is not Ask.PROFILE or told.target.subject in owned:
        return set()
    led = concerned.led_by(connection, told.target.platform, told.target.subject)
    return {pair for pair in concerned.concerned(connection, led) if pair[0] in recorded.artists}


def _referred(connection: Connection, told: Told, recorded: Recorded) -> set[Pair]:
    """List the events about pages of which a reference source just spoke, or speaks no longer."""
    urls = {o.url for o in told.observations if isinstance(o, IdentitySeen)}
    if told.target.ask is Ask.IDENTITY:
        urls.add(told.target.subject)
    urls.update(leads.links_of(connection, {*recorded.new_profiles, *recorded.changed_profiles}))
    return concerned.about_pages(connection, leads.pages_at(connection, urls))


def read(events: Iterable[Event], names: Names) -> None:
    """Meet the names and titles of several events at once: one by one, each would take as long as all."""
    texts = [text for event in events for text in _texts(event)]
    names.met_in([text for text, where in texts if where != "title"], "name")
    names.met_in([text for text, where in texts if where == "title"], "title")


def with_names(event: Event, names: Names) -> Event:
    """Add how the event's names and titles meet the artist's."""
    return replace(event, resembled=tuple(_resembled(event.artist.id, _texts(event), names)))


def _texts(event: Event) -> list[tuple[str, str]]:
    """List what an event prints, and where."""
    texts: list[tuple[str, str]] = []
    if event.kind == "profile":
        texts = [(finding.page.name, "profile") for finding in event.findings]
    elif event.shown is not None:
        texts = [(event.shown.title, "title"), *((track.title, "title") for track in event.shown.tracks)]
        ours = {c.key for c in event.shown.credits if c.artist_id == event.artist.id}  # as another store ties it
        texts += [(c.name, "credit") for c in event.shown.credits if c.artist_id is None and c.key not in ours]
    return texts


def _resembled(artist_id: int, texts: Collection[tuple[str, str]], names: Names) -> Iterable[Resembled]:
    for text, where in dict.fromkeys(texts):
        kind: Kind = "title" if where == "title" else "name"
        for one in names.met_in([text], kind).get(text, ()):  # remembered: most were met a moment ago
            if one.artist_id == artist_id:
                yield _as_fact(text, where, one)


def _as_fact(text: str, where: str, one: Likeness) -> Resembled:
    return Resembled(
        text=text,
        met=one.met,
        where=where,
        kinds=one.kinds,
        bits=one.bits,
        chance=one.chance,
        evidence=one.evidence,
        same=one.same,
        whole=one.whole,
    )
