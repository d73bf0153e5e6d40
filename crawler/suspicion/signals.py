"""The first judgement: arrivals on official profiles, and profiles under a monitored name.

Pure: facts in, findings out. The unit is the binding of a release to a profile, or a profile that goes by a monitored
name; never the artist. A field that nobody told makes a signal blind: the score is then an interval, from "had it been
quiet" to "had it fired".
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from math import prod
from typing import Any

from storage.cases import Finding
from storage.facts.bindings import Arrival, NameHit, TitleHit

RULES = "first-3"
LONG_BEFORE = timedelta(days=90)

FIRED, QUIET, BLIND = "fired", "quiet", "blind"


@dataclass(frozen=True, slots=True)
class Signal:
    """One small judgement: fired, quiet or blind, how much it would weigh, and the values it quotes."""

    state: str
    strength: float
    because: str


def new_on_official_profile(arrival: Arrival) -> Signal:
    """A release appeared on this official profile after its baseline."""
    since = f"baseline of {arrival.baseline_at:%Y-%m-%d}" if arrival.baseline_at else "baseline"
    return Signal(FIRED, 0.2, f"first seen {arrival.first_seen_at:%Y-%m-%d %H:%M}Z, after the {since}")


def dated_long_before(arrival: Arrival) -> Signal:
    """Its claimed date lies long before the day it appeared."""
    if arrival.date is None:
        return Signal(BLIND, 0.35, f"no usable date: {arrival.date_raw!r}" if arrival.date_raw else "no date was told")
    age = arrival.first_seen_at.date() - arrival.date
    quote = f"claims {arrival.date_raw}, appeared {arrival.first_seen_at:%Y-%m-%d}"
    return Signal(FIRED if age > LONG_BEFORE else QUIET, 0.35, quote)


def strange_label(arrival: Arrival) -> Signal:
    """No label or rights line of it ever stood on this artist's releases."""
    if not arrival.labels:
        return Signal(BLIND, 0.5, "no label or rights line was told")
    if not arrival.home_labels:
        return Signal(BLIND, 0.5, "no label of this artist is known to compare with")
    printed = ", ".join(dict.fromkeys(text for _, text in arrival.labels))
    known = {key for key, _ in arrival.labels} & set(arrival.home_labels)
    return Signal(QUIET if known else FIRED, 0.5, f"printed: {printed}; known: {', '.join(arrival.home_labels[:5])}")


def only_a_guest(arrival: Arrival) -> Signal:
    """It is listed under appearances: somebody else's release names the artist."""
    return Signal(FIRED if arrival.section == "appears_on" else QUIET, 0.1, f"section {arrival.section or 'releases'}")


ARRIVAL_SIGNALS: tuple[Callable[[Arrival], Signal], ...] = (
    new_on_official_profile,
    dated_long_before,
    strange_label,
    only_a_guest,
)


def same_name_other_profile(hit: NameHit) -> Signal:
    """A profile goes by a monitored name and is not one of the official ones."""
    official = ", ".join(hit.official_elsewhere)
    quote = f"{hit.profile.name!r} met {hit.met!r}; official on {hit.profile.platform}: {official}"
    return Signal(FIRED if hit.same else QUIET, 0.3, quote)


def imitates_a_name(hit: NameHit) -> Signal:
    """Its name is a monitored one in disguise: look-alike letters, a slip, an affix."""
    quote = f"{', '.join(hit.kinds)}: {hit.differs}"
    return Signal(QUIET if hit.same else FIRED, round(0.2 + 0.5 * hit.likeness, 2), quote)


def few_followers(hit: NameHit) -> Signal:
    """Hardly anybody follows it."""
    if hit.profile.followers is None:
        return Signal(BLIND, 0.15, "followers were not told")
    return Signal(FIRED if hit.profile.followers < 100 else QUIET, 0.15, f"{hit.profile.followers} followers")


NAME_SIGNALS: tuple[Callable[[NameHit], Signal], ...] = (same_name_other_profile, imitates_a_name, few_followers)


def judge_arrival(arrival: Arrival) -> Finding | None:
    """Judge a release that is new on an official profile; one that is claimed or known by its barcode is no case."""
    if arrival.claimed or arrival.redelivered:
        return None
    low, high, evidence = _weigh([(signal, signal(arrival)) for signal in ARRIVAL_SIGNALS])
    return Finding(
        key=f"new-on-official:{arrival.artist_id}:{arrival.profile.id}:{arrival.release_id}",
        kind="new_on_official_profile",
        artist_id=arrival.artist_id,
        profile_id=arrival.profile.id,
        release_id=arrival.release_id,
        role="appears_on" if arrival.section == "appears_on" else "listed",
        score_low=low,
        score_high=high,
        rule_version=RULES,
        evidence=evidence,
    )


def judge_name(hit: NameHit) -> Finding | None:
    """Judge a profile under a monitored name; without a known official profile there is nothing to differ from."""
    if not hit.official_elsewhere or hit.profile.platform_id in hit.official_elsewhere:
        return None
    low, high, evidence = _weigh([(signal, signal(hit)) for signal in NAME_SIGNALS])
    return Finding(
        key=f"same-name:{hit.artist_id}:{hit.profile.id}",
        kind="same_name_other_profile" if hit.same else "resembling_name",
        artist_id=hit.artist_id,
        profile_id=hit.profile.id,
        release_id=None,
        role="",
        score_low=low,
        score_high=high,
        rule_version=RULES,
        evidence=evidence,
    )


def named_by_a_stranger(hit: TitleHit) -> Signal:
    """A stranger's title or credit names the artist, none of whose pages shows it."""
    return Signal(FIRED, round(0.1 + 0.4 * hit.likeness, 2), f"{hit.quote!r} met {hit.met!r}: {', '.join(hit.kinds)}")


TITLE_SIGNALS: tuple[Callable[[TitleHit], Signal], ...] = (named_by_a_stranger,)


def judge_title(hit: TitleHit) -> Finding:
    """Judge a release of somebody else that rides on a monitored name."""
    low, high, evidence = _weigh([(signal, signal(hit)) for signal in TITLE_SIGNALS])
    return Finding(
        key=f"named-on:{hit.artist_id}:{hit.release_id}",
        kind="named_on_release",
        artist_id=hit.artist_id,
        profile_id=hit.profile.id,
        release_id=hit.release_id,
        role="main",
        score_low=low,
        score_high=high,
        rule_version=RULES,
        evidence=evidence,
    )


def _weigh(judged: list[tuple[Callable[..., Signal], Signal]]) -> tuple[float, float, tuple[dict[str, Any], ...]]:
    fired = [s.strength for _, s in judged if s.state == FIRED]
    maybe = [s.strength for _, s in judged if s.state in (FIRED, BLIND)]
    evidence = tuple(
        {
            "signal": signal.__name__,
            "reason": (signal.__doc__ or "").strip(),
            "state": s.state,
            "strength": s.strength,
            "because": s.because,
        }
        for signal, s in judged
    )
    return _together(fired), _together(maybe), evidence


def _together(strengths: list[float]) -> float:
    return round(1 - prod(1 - s for s in strengths), 4)
