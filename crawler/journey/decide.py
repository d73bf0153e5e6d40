"""What becomes of what was gathered: cases, what to ask next. Pure: nothing is read, nothing written."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from crawler.journey.gather import Gathered
from crawler.suspicion import detectors, life
from crawler.suspicion.campaigns import Campaign, raise_members
from crawler.suspicion.score import OPEN_AT, RULES, Part, judge, posterior
from crawler.suspicion.score import Judged as Judgement
from crawler.watching import follow_up
from crawler.watching.follow_up import Asking
from storage.cases import Bound, Judged, State, key_of
from storage.facts.values import Event
from storage.frontier import Wanted
from storage.targets import Ask

__all__ = ["RULES", "Decision", "case_of", "decide"]
WATCHED = ("open", "watching", "returned", "takedown_requested", "confirmed")
DETAILS_TAKE = timedelta(days=1)  # after which a record that never came is waited for no longer
STEP = 0.05  # a score that moves less than this within its step tells nobody anything new


@dataclass(slots=True)
class Decision:
    """What is to be written, and what to be asked."""

    cases: list[Judged] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)
    soon: list[Wanted] = field(default_factory=list)  # wanted, and due now even where it was asked before
    urgent: dict[str, list[Wanted]] = field(default_factory=dict)  # case key -> what an opened case makes urgent
    again: list[Wanted] = field(default_factory=list)  # what this look made doubtful: asked now, whenever it was due
    withdrawn: list[tuple[int, str]] = field(default_factory=list)
    census: set[int] = field(default_factory=set)


def decide(gathered: Gathered, asking: Asking, cut: float, at: datetime, waves: Mapping[int, Campaign]) -> Decision:
    """Judge every event and say what follows; `cut` is the alert cut in bits."""
    decision = Decision(withdrawn=list(gathered.withdrawn), census=set(gathered.census))
    told, recorded = gathered.told, gathered.recorded
    decision.wanted += follow_up.details(asking, told.target, gathered.first_shown, recorded.artists, at)
    decision.wanted += follow_up.nearby(asking, told.target, gathered.nearby, recorded.artists, at)
    decision.again = follow_up.again(asking, told.target, recorded, at)
    decision.soon += follow_up.again(asking, told.target, recorded, at)
    for event, group_id in zip(gathered.events, gathered.groups, strict=True):
        add(decision, event, group_id, gathered.states, asking, cut, at, waves)
    return decision


def add(
    decision: Decision,
    event: Event,
    group_id: int,
    states: Mapping[str, State],
    asking: Asking,
    cut: float,
    at: datetime,
    waves: Mapping[int, Campaign],
) -> None:
    """Judge one event and add what follows from it to a decision."""
    before = states.get(key_of(event.kind, event.artist.id, group_id))
    judged = judge(event, cut=cut)
    if before is not None and (wave := waves.get(before.id)) is not None:
        judged = raise_members({before.id: judged}, wave, cut)[before.id]
    if before is None and awaited(event, asking, at) and not certain(judged, cut):
        return
    heard = detectors.heard(judged, before.detected if before else (), cut)
    one = case_of(event, group_id, judged, before, at, heard=heard)
    if one is None:
        if before is None and judged.score < OPEN_AT <= judged.score_high and any(f.news for f in event.findings):
            decision.wanted += follow_up.leaders(asking, event, at)
        return
    decision.cases.append(one)
    if one.status in WATCHED:
        around = follow_up.around(asking, event, at)
        decision.wanted += around
        if before is None:
            decision.urgent[one.key] = around


def certain(judged: Judgement, cut: float) -> bool:
    """Tell whether an event is loud whatever may still be told of it."""
    return bool(judged.loud) and judged.score_low >= posterior(cut)


def awaited(event: Event, asking: Asking, at: datetime) -> bool:
    """Tell whether a release's full record is about to be asked: a list's row alone says too little to open a case."""
    told = [f for f in event.findings if f.release_id is not None and f.page.platform in asking.platforms]
    coming = [f for f in told if Ask.RELEASE in asking.platforms[f.page.platform].accepts]
    if not coming or any(f.detailed for f in coming):
        return False
    return at - min(f.first_seen_at for f in coming) < DETAILS_TAKE


def case_of(
    event: Event,
    group_id: int,
    judged: Judgement,
    before: State | None,
    at: datetime,
    *,
    asked_for: bool = False,
    heard: Judgement | None = None,
) -> Judged | None:
    """Make an event's case, or None where it is none: an arrival, or something that stood there already.

    `heard` is the judgement with what detectors said: it is the score, and the rest is decided without it.
    """
    heard = judged if heard is None else heard
    origin = "news" if any(finding.news for finding in event.findings) else "census"
    if before is None and not asked_for and (not judged.opens or origin == "census"):
        return None
    lost = all(finding.removed_at is not None for finding in event.findings)
    if before is None and event.kind == "disappearance" and not lost:
        return None
    gone = lost and event.kind != "disappearance"  # a loss is what such a case is about
    fired = [(f"{part.signal}={part.because}", part.bits) for part in judged.parts if part.state == "fired"]
    now = life.next_life(
        before.status if before else "open",
        before.decision if before else "",
        gone=gone,
        fired=fired,
        settled=before.settled if before else (),
    )
    if event.kind == "disappearance" and not lost:
        now = life.Life("cleared", "it is there again")
    elif not judged.opens and not asked_for and now.status == "open" and (before is None or before.origin == "news"):
        now = life.Life("cleared", "what opened it no longer speaks against it")
    bindings = tuple(
        Bound(f.page.id, f.release_id, f.role, f.first_seen_at, f.removed_at)
        for f in sorted(event.findings, key=lambda f: (f.page.id, f.release_id or 0))
    )
    title = event.shown.title if event.shown is not None else event.findings[0].page.name
    return Judged(
        kind=event.kind,
        artist_id=event.artist.id,
        group_id=group_id,
        attack=judged.attack,
        origin=before.origin if before else origin,
        status=now.status,
        loud=bool(heard.loud),
        score_low=heard.score_low,
        score=heard.score,
        score_high=heard.score_high,
        bits=heard.bits,
        rule_version=RULES,
        evidence=evidence(heard),
        title=title,
        meaning=meaning(event, judged, now.status, bindings),
        bindings=bindings,
        reopened_because=now.because,
        gone_at=(before.gone_at if before and before.gone_at else at) if gone else None,
    )


def evidence(judged: Judgement) -> tuple[dict[str, Any], ...]:
    """Write a judgement's parts as a case keeps them, the prior first: their bits add up to the case's."""
    prior = Part("prior", "What such an event is worth before it is looked at.", "fired", judged.prior, judged.kind)
    return tuple(part.as_row() for part in (prior, *judged.parts))


def meaning(event: Event, judged: Judgement, status: str, bindings: Sequence[Bound]) -> str:
    """Hash what consumers must be told of: identifiers, findings, states of signals, score step and status."""
    one = event.shown
    said = {
        "bindings": [(b.profile_id, b.release_id, b.role, b.removed_at is not None) for b in bindings],
        "codes": sorted(one.isrcs | one.gtins) if one else [],
        "lines": sorted(f"{line.kind}:{line.text}" for line in one.lines) if one else [],
        "tracks": [(track.title, track.isrc) for track in one.tracks] if one else [],
        "signals": [(part.signal, part.state) for part in judged.parts],
        "step": round(judged.score / STEP),
        "status": status,
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:32]
