"""A world made from a seed and a scale; every part is made when it is asked for, and may be forgotten again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property, lru_cache

from sandbox.dialects.search_index import SearchIndex
from sandbox.made.catalogue import COLLAB_SLOT, COLLABS, Draft, drafts, make_release, make_tracks, track_ids
from sandbox.made.ids import ACTS_PER_REGISTRANT
from sandbox.made.people import OLD_LINK, make_act, spellings
from sandbox.made.roster import make_roster
from sandbox.made.shape import BLOCK, POSITIONS, SAMPLER_GROUP, SAMPLERS, SLOTS, Shape
from sandbox.made.together import guest_of, happens, host_of, joint_draft, joint_release, sampler
from sandbox.planted.plan import Plan
from sandbox.planted.programme import Staging, make_plan
from sandbox.world import PLATFORMS, Act, Credit, Link, Planted, Profile, Release, RosterRow, Track

NOTHING = Plan()
MOST_SAMPLER_GROUPS = 25


def year_of(moment: float) -> str:
    """Give the two digits of a year."""
    return datetime.fromtimestamp(moment, UTC).strftime("%y")


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
        self._people = lru_cache(10_000)(lambda n: make_act(self.shape, n))
        self.index = SearchIndex(self._spellings())

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
            return self._touched(n) if self.shape.ordinal(n) is not None else self.ordinary_act(n)
        patron = self.shape.patron(n)
        return self.plan(patron // BLOCK).acts[n] if patron is not None else self.various

    def _touched(self, n: int) -> Act:
        plan, act = self.plan_around(n), self.ordinary_act(n)
        links = [self._ending(link, plan.unlinked.get(n, ())) for link in act.links]
        nickname, pages = plan.nicknames.get(n), plan.pages.get(n, act.profiles)
        if n in plan.faces:
            pages = {platform: replace(page, image=plan.faces[n]) for platform, page in pages.items()}
        return replace(
            act, links=(*links, *plan.linked.get(n, ())), profiles=pages, ended=plan.passed.get(n, act.ended),
            aliases=(*act.aliases, nickname) if nickname and nickname not in act.aliases else act.aliases,
        )  # fmt: skip

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

    def _own(self, n: int) -> tuple[tuple[Draft, Release], ...]:
        act = self.ordinary_act(n)
        return tuple((draft, make_release(self.shape, act, draft)) for draft in drafts(self.shape, act))

    def listings(self, act: int) -> Sequence[Release]:
        """Give every release that credits an act at any time."""
        return self._listings(act)

    def _make_listings(self, n: int) -> tuple[Release, ...]:
        if n == self.shape.various:
            groups = min(MOST_SAMPLER_GROUPS, self.shape.people // SAMPLER_GROUP)
            every = (sampler(self.shape, group, edition) for group in range(groups) for edition in range(SAMPLERS))
            return tuple(release for release in every if release)
        plan = self.plan_around(n)
        found = [release for _, release in self.own(n)] + self._joint(n) if n < self.shape.people else []
        found = [plan.revised.get(release.n, release) for release in found]
        return (*found, *plan.by_act.get(n, ()))

    def _joint(self, n: int) -> list[Release]:
        shape = self.shape
        found = [joint_release(shape, self.ordinary_act(n), k) for k in range(COLLABS) if self._meets(n, k)]
        for k in range(COLLABS):
            host = host_of(shape, n, k)
            if host != n and self._meets(host, k):
                found.append(joint_release(shape, self.ordinary_act(host), k))
        samplers = (sampler(shape, n // SAMPLER_GROUP, edition) for edition in range(SAMPLERS))
        return found + [release for release in samplers if release]

    def _meets(self, host: int, k: int) -> bool:
        """Tell whether a joint release exists; the dead make none."""
        if not happens(self.shape, host, k):
            return False
        return all(act not in self.plan_around(act).passed for act in (host, guest_of(self.shape, host, k)))

    def release(self, n: int) -> Release | None:
        """Give the release with a number."""
        place = self.shape.read_sampler(n)
        if place:
            return sampler(self.shape, *place)
        owner, slot = divmod(n, SLOTS)
        if owner > self.shape.various:
            return None
        plan = self.plan_around(owner)
        if owner >= self.shape.people:
            return plan.releases.get(n)
        made = self._ordinary(owner, slot)
        return plan.revised.get(n, made) if made else None

    def _ordinary(self, owner: int, slot: int) -> Release | None:
        if slot >= COLLAB_SLOT:
            k = slot - COLLAB_SLOT
            known = k < COLLABS and self._meets(owner, k)
            return joint_release(self.shape, self.ordinary_act(owner), k) if known else None
        own = self.own(owner)
        return own[slot][1] if slot < len(own) else None

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
            return tuple(self._sampled(release, place[0], position) for position in range(SAMPLER_GROUP))
        owner, slot = divmod(n, SLOTS)
        planned = self.plan_around(owner).tracks.get(n)
        return planned if planned is not None else self.ordinary_tracks(release, owner, slot)

    def ordinary_tracks(self, release: Release, owner: int, slot: int) -> tuple[Track, ...]:
        """Give the tracks of a release that no scenario made."""
        act = self.ordinary_act(owner)
        if slot >= COLLAB_SLOT:
            draft = joint_draft(self.shape, owner, slot - COLLAB_SLOT)
            made = make_tracks(self.shape, act, release, draft)
            guest = guest_of(self.shape, owner, slot - COLLAB_SLOT)
            role = "main" if (slot - COLLAB_SLOT) % 2 == 0 else "featured"
            return tuple(replace(track, credits=(Credit(owner), Credit(guest, role))) for track in made)
        draft = self.own(owner)[slot][0]
        made = make_tracks(self.shape, act, release, draft)
        if draft.lead is not None:
            lead = self.own(owner)[draft.lead]
            single = make_tracks(self.shape, act, lead[1], lead[0])[0]
            made[0] = replace(single, ids=track_ids(self.shape, release, 1))
        return tuple(made)

    def _sampled(self, release: Release, group: int, place: int) -> Track:
        member = group * SAMPLER_GROUP + place
        first = self.own(member)[0][1]
        track = self.ordinary_tracks(first, member, 0)[0]
        return replace(track, position=place + 1, disc=1, ids=track_ids(self.shape, release, place + 1))

    def by_upc(self, upc: str) -> Sequence[Release]:
        """Give the releases with a UPC, compared without leading zeros."""
        read = self.shape.registrants.read_upc(upc)
        if read is None:
            return ()
        plans, act = self._holders(read[0], read[1])
        wanted = upc.lstrip("0")
        found = [release for plan in plans for release in plan.by_upc.get(wanted, ())]
        return found or [
            release for release in (self.listings(act) if act is not None else ()) if release.upc == wanted
        ]

    def by_isrc(self, isrc: str) -> Sequence[tuple[Release, Track]]:
        """Give the tracks that carry an ISRC."""
        block = self.shape.registrants.block_of_prefix(isrc) if len(isrc) == 12 else None
        if block is None or not isrc[5:].isdigit():
            return ()
        plans, act = self._holders(block, int(isrc[7:]) // 4000)
        found = [pair for plan in plans for pair in plan.by_isrc.get(isrc, ())]
        for release in self._may_hold(act, isrc) if act is not None else ():
            found.extend((release, track) for track in self.tracks(release) if track.isrc == isrc)
        return found

    def _may_hold(self, n: int, isrc: str) -> Iterator[Release]:
        """Give the ordinary releases whose year lets them hold an ISRC, and the samplers if it is the first track's."""
        plan, own = self.plan_around(n), self.own(n)
        for draft, release in own:
            years = {year_of(draft.moment)} | (
                {year_of(own[draft.lead][0].moment)} if draft.lead is not None else set()
            )
            if isrc[5:7] in years:
                yield plan.revised.get(release.n, release)
        first = self.ordinary_tracks(own[0][1], n, 0)[0].isrc == isrc
        for release in self._joint(n):
            owner, slot = divmod(release.n, SLOTS)
            if first or (owner == n and isrc[5:7] == year_of(joint_draft(self.shape, n, slot - COLLAB_SLOT).moment)):
                yield release

    def _holders(self, block: int, place: int) -> tuple[list[Plan], int | None]:
        ordinary = -(-self.shape.people // ACTS_PER_REGISTRANT)
        if block < ordinary:
            act = block * ACTS_PER_REGISTRANT + place
            if act >= self.shape.people:
                return [], None
            return [self.plan_around(act)], act
        m = (block - ordinary) * ACTS_PER_REGISTRANT + place
        return ([self.plan(m // BLOCK)], None) if m < self.shape.monitored else ([], None)

    def search(self, words: str, exact: bool) -> Sequence[int]:
        """Give the acts whose names answer some words, best first."""
        return self.index.search(words, exact)

    def roster(self) -> Sequence[RosterRow]:
        """Give the monitored artists."""
        return [make_roster(self.shape, m, self.act(n)) for m, n in enumerate(self.shape.monitored_acts)]

    def planted(self) -> Iterator[Planted]:
        """Give the attacks and their innocent twins."""
        for block in range(self.blocks):
            yield from self.plan(block).planted
