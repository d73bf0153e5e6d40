"""A world made from a seed and a scale; every part is made when it is asked for, and may be forgotten again."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache

from sandbox.dialects.search_index import SearchIndex, words
from sandbox.made.catalogue import Draft, Shelf, make_tracks, track_ids
from sandbox.made.company import hosts
from sandbox.made.people import OLD_LINK, make_act, spellings
from sandbox.made.roster import make_roster
from sandbox.made.scenes import CAMPS, SCENE
from sandbox.made.shape import BLOCK, POSITIONS, SAMPLERS, SLOTS, Shape
from sandbox.made.together import group_of, members, sampled_anew, sampled_isrc, sampler
from sandbox.planted.plan import Plan
from sandbox.planted.programme import Staging, make_plan
from sandbox.world import PLATFORMS, Act, Link, Planted, Profile, Release, RosterRow, Track

NOTHING = Plan()
MOST_SAMPLER_GROUPS = 25


def years(draft: Draft, own: Shelf) -> set[int]:
    """Give the years in which a release's ISRCs may have been issued."""
    taken = (own.drafts[slot] for slot in (draft.lead, draft.copies) if slot is not None)
    return {draft.year, *(year for other in taken for year in years(other, own))}


class Backstage:
    """The world as it would be without scenarios, which is what scenarios start from."""

    def __init__(self, world: "GeneratedWorld") -> None:
        """Look behind the scenes of a world."""
        self.shape, self.own, self.ordinary_tracks = world.shape, world.own, world.ordinary_tracks
        self.act = world.ordinary_act


class GeneratedWorld:
    """Everything that the stand-in platforms show, derived from a seed."""

    def __init__(self, seed: int, scale: float, start: float, staging: Staging | None = None) -> None:
        """Lay the world out; only the search index and the scenarios are made at once."""
        self.shape, self.staging = Shape(seed, scale, start), staging or Staging()
        self.start = start
        self.own = lru_cache(3_000)(self._own)
        self.plan = lru_cache(None)(self._plan)
        self._listings = lru_cache(3_000)(self._make_listings)
        self._tracks = lru_cache(6_000)(self._make_tracks)
        self._monitored = lru_cache(20_000)(self._touched)
        self._people = lru_cache(10_000)(lambda n: make_act(self.shape, n))
        self.index = SearchIndex(self._spellings(), self.shape.monitored_acts)

    def ordinary_act(self, n: int) -> Act:
        """Give an act as it is without scenarios."""
        return self._people(n)

    @cached_property
    def blocks(self) -> int:
        """How many blocks of monitored artists there are."""
        return -(-self.shape.monitored // BLOCK)

    def acts(self) -> Iterator[int]:
        """Give every act's number."""
        yield from range(self.shape.people)
        for block in range(self.blocks):
            yield from sorted(self.plan(block).acts)
        yield self.shape.various

    def _spellings(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        for n in range(self.shape.people):
            name, _, aliases = spellings(self.shape, n, self.shape.rng("act", n))
            yield n, (name, *aliases)
        for block in range(self.blocks):
            for n, act in self.plan(block).acts.items():
                yield n, tuple(dict.fromkeys((act.name, *act.aliases, act.latin or act.name)))
            yield from ((n, (nickname,)) for n, nickname in self.plan(block).nicknames.items())
        yield self.shape.various, ("Various Artists",)

    def act(self, n: int) -> Act:
        """Give an act."""
        if n < self.shape.people:
            return self._monitored(n) if self.shape.ordinal(n) is not None else self.ordinary_act(n)
        patron = self.shape.patron(n)
        return self.plan(patron // BLOCK).acts[n] if patron is not None else self.various

    def _touched(self, n: int) -> Act:
        plan, act = self.plan_around(n), self.ordinary_act(n)
        links = [self._ending(link, plan.unlinked.get(n, ())) for link in act.links]
        nickname, pages = plan.nicknames.get(n), plan.pages.get(n, act.profiles)
        if n in plan.faces:
            pages = {platform: replace(page, image=plan.faces[n]) for platform, page in pages.items()}
        labels, prefixes = self._at_home(n)
        return replace(
            act, labels=labels, label=labels[0] if labels else "", isrc_prefixes=prefixes, profiles=pages,
            links=(*links, *plan.linked.get(n, ())), ended=plan.passed.get(n, act.ended),
            aliases=(*act.aliases, nickname) if nickname and nickname not in act.aliases else act.aliases,
        )  # fmt: skip

    def _at_home(self, n: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Give the labels and registrants that a rights team knows by heart: those of every sixth release or more."""
        past = [draft for draft in self.own(n).drafts if draft.moment < self.start]
        labels = Counter(draft.paper.label for draft in past)
        prefixes = Counter(self.shape.codes.prefix(draft.paper.isrc, n) for draft in past)
        usual = [
            tuple(said for said, count in found.most_common(4) if count * 6 >= len(past))
            for found in (labels, prefixes)
        ]
        return usual[0], usual[1]

    def _ending(self, link: Link, ends: Iterable[tuple[str, float]]) -> Link:
        return next((replace(link, until=when) for url, when in ends if link.url == url), link)

    @cached_property
    def various(self) -> Act:
        """Give the profile that is nobody's: Various Artists."""
        n = self.shape.various
        pages = {p: Profile(p, self.shape.ids[p, "artist"].id(n), "Various Artists") for p in PLATFORMS}
        return Act(n, "various-artists", "Various Artists", profiles=pages)

    def find_profile(self, platform: str, id: str) -> Act | None:
        """Give the act behind a platform's profile id."""
        n = self.shape.ids[platform, "artist"].number(id)
        if n is None or n > self.shape.various:
            return None
        patron = self.shape.patron(n)
        if patron is not None and n not in self.plan(patron // BLOCK).acts:
            return None
        act = self.act(n)
        return act if platform in act.profiles else None

    def linked_to(self, act: Act) -> Sequence[Act]:
        """Give the other acts whose url relations name one of an act's profiles."""
        if act.n < self.shape.people:
            return [self.act((act.n - OLD_LINK) % self.shape.people)]
        patron = self.shape.patron(act.n)
        return [self.act(self.shape.monitored_acts[patron])] if patron is not None else []

    def _plan(self, block: int) -> Plan:
        return make_plan(Backstage(self), block, self.staging, self.blocks)

    def plan_around(self, n: int) -> Plan:
        """Give the plan that may touch an act."""
        m = self.shape.ordinal(n) if n < self.shape.people else self.shape.patron(n)
        return self.plan(m // BLOCK) if m is not None else NOTHING

    def _own(self, n: int) -> Shelf:
        return Shelf(self.shape, self.ordinary_act(n))

    def listings(self, act: int) -> Sequence[Release]:
        """Give every release that credits an act at any time."""
        return self._listings(act)

    def _make_listings(self, n: int) -> tuple[Release, ...]:
        if n == self.shape.various:
            groups = min(MOST_SAMPLER_GROUPS, self.shape.people // SCENE * CAMPS)
            every = (sampler(self.shape, group, edition) for group in range(groups) for edition in range(SAMPLERS))
            return tuple(release for release in every if release)
        found = [self._revised(release) for _, release in self.own(n)] if n < self.shape.people else []
        return (*found, *self._elsewhere(n), *self.plan_around(n).by_act.get(n, ()))

    def _revised(self, release: Release) -> Release:
        return self.plan_around(release.n // SLOTS).revised.get(release.n, release)

    def _elsewhere(self, n: int) -> Iterator[Release]:
        """Give the records of others on which an act is, samplers included."""
        if n >= self.shape.people:
            return
        for host in hosts(self.shape, n):
            shelf = self.own(host)
            for draft in shelf.drafts:
                if any(guest == n for guest, _ in draft.guests):
                    yield self._revised(shelf[draft.slot][1])
        yield from self._samplers(n)

    def _samplers(self, n: int) -> Iterator[Release]:
        group = group_of(n)
        for edition in range(SAMPLERS) if group is not None else ():
            if group is not None and (release := sampler(self.shape, group, edition)):
                yield release

    def release(self, n: int) -> Release | None:
        """Give the release with a number."""
        place = self.shape.read_sampler(n)
        if place:
            return sampler(self.shape, *place)
        owner, slot = divmod(n, SLOTS)
        if owner >= self.shape.various:
            return None
        if owner >= self.shape.people:
            return self.plan_around(owner).releases.get(n)
        own = self.own(owner)
        return self._revised(own[slot][1]) if slot < len(own) else None

    def find_release(self, platform: str, id: str) -> Release | None:
        """Give the release behind a platform's id or twin id."""
        for kind in ("album", "twin"):
            n = self.shape.ids[platform, kind].number(id)
            release = self.release(n) if n is not None else None
            entry = release.on.get(platform) if release else None
            if entry and id in (entry.id, entry.twin):
                return release
        return None

    def find_track(self, platform: str, id: str) -> tuple[Release, Track] | None:
        """Give the track behind a platform's id."""
        n = self.shape.ids[platform, "track"].number(id)
        release = self.release(n // POSITIONS) if n is not None else None
        for track in self.tracks(release) if release else ():
            if release and track.ids.get(platform) == id:
                return release, track
        return None

    def tracks(self, release: Release) -> Sequence[Track]:
        """Give a release's tracks, including those of other times."""
        return self._tracks(release.n)

    def _make_tracks(self, n: int) -> tuple[Track, ...]:
        release = self.release(n)
        if release is None:
            return ()
        place = self.shape.read_sampler(n)
        if place:
            named = enumerate(members(self.shape, place[0]), 1)
            return tuple(self._sampled(release, member, place[1], position) for position, member in named)
        owner, slot = divmod(n, SLOTS)
        planned = self.plan_around(owner).tracks.get(n)
        return planned if planned is not None else self.ordinary_tracks(release, owner, slot)

    def ordinary_tracks(self, release: Release, owner: int, slot: int) -> tuple[Track, ...]:
        """Give the tracks of a release that no scenario made."""
        own = self.own(owner)
        return tuple(make_tracks(self.shape, self.ordinary_act(owner), release, own[slot][0], own))

    def _sampled(self, release: Release, member: int, edition: int, position: int) -> Track:
        first = self.own(member)[0][1]
        track = self.ordinary_tracks(first, member, 0)[0]
        if sampled_anew(self.shape, member, edition):
            track = replace(track, isrc=sampled_isrc(self.shape, member, edition), version="Live")
        return replace(track, position=position, disc=1, ids=track_ids(self.shape, release, position))

    def by_upc(self, upc: str) -> Sequence[Release]:
        """Give the releases with a UPC, compared without leading zeros."""
        act = self.shape.codes.buyer(upc)
        if act is None:
            return ()
        wanted = upc.lstrip("0")
        found = list(self.plan_around(act).by_upc.get(wanted, ()))
        ordinary = self.listings(act) if act < self.shape.people else ()
        return [*found, *(release for release in ordinary if release.upc == wanted and release not in found)]

    def by_isrc(self, isrc: str) -> Sequence[tuple[Release, Track]]:
        """Give the tracks that carry an ISRC."""
        act = self.shape.codes.holder(isrc)
        if act is None:
            return ()
        found = list(self.plan_around(act).by_isrc.get(isrc, ()))
        planned = {release.n for release, _ in found}
        for release in self._may_hold(act, isrc) if act < self.shape.people else ():
            if release.n not in planned:
                found.extend((release, track) for track in self.tracks(release) if track.isrc == isrc)
        return found

    def _may_hold(self, n: int, isrc: str) -> Iterator[Release]:
        """Give an act's own releases whose years let them hold an ISRC, and the samplers if it is the first track's."""
        own = self.own(n)
        for draft in own.drafts:
            if int(isrc[5:7]) in {year % 100 for year in years(draft, own)}:
                yield self._revised(own[draft.slot][1])
        anew = any(sampled_isrc(self.shape, n, edition) == isrc for edition in range(SAMPLERS))
        if anew or self.ordinary_tracks(own[0][1], n, 0)[0].isrc == isrc:
            yield from self._samplers(n)

    def search(self, words: str, exact: bool) -> Sequence[int]:
        """Give the acts whose names answer some words, best first."""
        return self.index.search(words, exact)

    @cached_property
    def _titles(self) -> dict[str, list[Release]]:
        found: dict[str, list[Release]] = {}
        for block in range(self.blocks):
            for release in self.plan(block).releases.values():
                for word in dict.fromkeys(words(release.title)):
                    found.setdefault(word, []).append(release)
        return found

    def titled(self, text: str) -> Sequence[Release]:
        """Give the releases of the scenarios whose titles have all of some words; nobody indexes all others."""
        asked = words(text)
        found = self._titles.get(asked[0], []) if asked else []
        return [release for release in found if set(asked) <= set(words(release.title))]

    def roster(self) -> Sequence[RosterRow]:
        """Give the monitored artists."""
        return [make_roster(self.shape, m, self.act(n)) for m, n in enumerate(self.shape.monitored_acts)]

    def planted(self) -> Iterator[Planted]:
        """Give the attacks and their innocent twins."""
        for block in range(self.blocks):
            yield from self.plan(block).planted
