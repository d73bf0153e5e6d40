"""From an event to a score: the prior of its class and every answer's bits, added up exactly. Pure.

The score is the posterior chance that the event is not the artist's; its interval says how far what we could not see
might move it. A case is opened by evidence that tells an operator's hand from chance, never by context alone.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import fsum, log2
from typing import Any

from crawler.suspicion.history import History
from crawler.suspicion.questions import company, dates, delivery, inverse, pages, recordings, shape, stores, ties, words
from crawler.suspicion.signal import FIRED, Signal, Weighed, weigh
from storage.facts.values import Event

RULES = "bits-5"
Question = Callable[[Event, History], Signal]

ABOUT_RELEASES: tuple[Question, ...] = (
    words.refused,
    words.claimed,
    words.listed_by_reference,
    delivery.who_delivered,
    recordings.known_recordings,
    recordings.copied_under_other_codes,
    recordings.constant_ratio,
    recordings.tracks_changed,
    recordings.version_words,
    recordings.tribute_words,
    company.usual_company,
    company.strangers_on_it,
    company.two_victims_together,
    company.strange_writers,
    company.credited_by_a_stranger,
    dates.older_than_its_codes,
    dates.back_dated,
    dates.after_death,
    dates.after_silence,
    dates.at_the_weekend,
    dates.burst,
    shape.strange_length,
    shape.strange_script,
    shape.strange_style,
    shape.other_genre,
    ties.shared_line,
    ties.shared_registrant,
    ties.shared_codes,
    ties.shared_cover,
    ties.shared_writer,
    ties.shared_naming,
    stores.on_every_store,
    words.disclosed_as_ai,
)
ABOUT_NAMES: tuple[Question, ...] = (pages.resembles_the_name, pages.titles_of_the_artist)
ABOUT_PAGES: tuple[Question, ...] = (
    words.refused,
    words.claimed,
    words.page_anchored,
    *ABOUT_NAMES,
    pages.name_held,
    pages.common_name,
    pages.followers,
    pages.no_past,
    pages.home_on_the_page,
    recordings.tribute_words,
    ties.shared_line,
    ties.shared_registrant,
    ties.shared_codes,
    ties.shared_cover,
    ties.shared_naming,
    ties.shared_image,
)
ABOUT_LOSSES: tuple[Question, ...] = (
    words.refused,
    words.claimed,
    inverse.gone,
    inverse.delivered_again,
    inverse.asked_for,
)
ABOUT_CHANGES: tuple[Question, ...] = (
    words.claimed,
    inverse.page_altered,
    recordings.tracks_changed,
    ties.shared_cover,
)

CONTEXT = frozenset(
    {
        "back_dated", "at_the_weekend", "burst", "strange_length", "strange_script", "strange_style", "other_genre",
        "version_words", "strangers_on_it", "followers", "no_past", "disclosed_as_ai", "on_every_store", "common_name",
    }
)  # fmt: skip
FIRM = 1.0  # bits that evidence beyond context has at least
SILENCE = "after_silence"  # opens a case where nobody tells who delivered; honest comebacks are as silent before
OPEN_AT = 0.02  # posterior from which an event is a case
LEAST = round(log2(OPEN_AT / (1 - OPEN_AT)), 3)  # the same in bits: nothing below it can be loud
ALERT_AT = -3.0  # bits: the cut until a store has a history; 2.1 % of honest arrivals in real catalogues pass it
CERTAIN = 60.0  # bits beyond which a posterior is 0 or 1 in print


@dataclass(frozen=True, slots=True)
class Part:
    """One answer as a case keeps it: the question, the sentence, the bits and the weights they came from."""

    signal: str
    reason: str
    state: str
    bits: float
    because: str
    weights: tuple[Weighed, ...] = ()
    missing: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 0.0

    def as_row(self) -> dict[str, Any]:
        """Return it as a case's evidence keeps it."""
        row: dict[str, Any] = {
            name: getattr(self, name) for name in ("signal", "reason", "state", "bits", "because", "low", "high")
        }
        return row | {
            "weights": [{"weight": w.weight, "times": w.times, "bits": w.bits, "quote": w.quote} for w in self.weights]
        }


@dataclass(frozen=True, slots=True)
class Judged:
    """What judgement says about an event."""

    score_low: float
    score: float
    score_high: float
    bits: float  # prior and parts: the score is its posterior
    prior: float
    parts: tuple[Part, ...]
    kind: str  # arrival, guest, named, profile, disappearance, tampering
    attack: str  # the attack class that it looks most like, as a letter of docs/judgement.md
    opens: bool  # whether it is a case
    why: str  # why it is one, or none
    loud: bool | None = None  # whether it is above the alert cut; None: no cut was given
    rules: str = RULES


def judge(event: Event, history: History | None = None, cut: float | None = None) -> Judged:
    """Judge an event against the artist's history; `cut` is the alert cut in bits."""
    history = History.of(event.artist, event.past) if history is None else history
    kind = class_of(event)
    prior = weigh(f"prior.{kind}", f"an event of the class {kind!r}")
    parts = tuple(_part(question, question(event, history)) for question in questions_for(kind))
    bits = _total([prior.bits, *(p.bits for p in parts)])
    low = _total([bits, *(p.low for p in parts)])
    high = _total([bits, *(p.high for p in parts)])
    score = posterior(bits)
    opens, why = _opens(score, parts)
    return Judged(
        score_low=posterior(low),
        score=score,
        score_high=posterior(high),
        bits=bits,
        prior=prior.bits,
        parts=parts,
        kind=kind,
        attack=_attack(event, kind, parts),
        opens=opens,
        why=why,
        loud=None if cut is None else opens and bits >= cut,
    )


def class_of(event: Event) -> str:
    """Say which class of event it is; the class sets the prior and the questions."""
    if event.kind != "release":
        return event.kind
    roles = {f.role for f in event.findings}
    if "listed" in roles or not roles:
        return "arrival" if event.shown is None or event.shown.role == "own" else "guest"
    return "guest" if "appears_on" in roles else "named"


def questions_for(kind: str) -> tuple[Question, ...]:
    """Choose the questions that a class of event is asked."""
    match kind:
        case "arrival" | "guest":
            return ABOUT_RELEASES
        case "named":
            return (*ABOUT_NAMES, *ABOUT_RELEASES)
        case "profile":
            return ABOUT_PAGES
        case "disappearance":
            return ABOUT_LOSSES
        case "tampering":
            return ABOUT_CHANGES
    raise ValueError(f"no such class of event: {kind!r}")


def posterior(bits: float) -> float:
    """Turn bits of evidence, prior included, into a chance."""
    bounded = max(-CERTAIN, min(CERTAIN, bits))
    return float(round(1 / (1 + 2.0**-bounded), 6))


def raised(judged: Judged, part: Part, cut: float | None = None) -> Judged:
    """Add one more part to a judgement, such as what a campaign says of its members."""
    parts = (*(p for p in judged.parts if p.signal != part.signal), part)
    bits = _total([judged.prior, *(p.bits for p in parts)])
    score = posterior(bits)
    opens, why = _opens(score, parts)
    return replace(
        judged,
        parts=parts,
        bits=bits,
        score=score,
        score_low=posterior(_total([bits, *(p.low for p in parts)])),
        score_high=posterior(_total([bits, *(p.high for p in parts)])),
        opens=opens,
        why=why,
        loud=None if cut is None else opens and bits >= cut,
    )


def alert_cut(quiet: Iterable[float], artist_weeks: float, budget: float, floor: float = LEAST) -> float:
    """Find the lowest cut in bits above which so many false alerts fit: `budget` per 100 artists and week.

    `quiet` are the bits of events known to be honest: an honest replay, or cases decided as legitimate. A store that
    has watched for too short a time for a single alert of its budget keeps the cut of the catalogues.
    """
    ranked = sorted(quiet, reverse=True)
    allowed = int(budget * artist_weeks / 100)
    if allowed < 1:
        return max(floor, ALERT_AT, *ranked[:1])
    if allowed >= len(ranked):
        return floor
    return max(floor, round(ranked[allowed] + 0.001, 3))


def expected_alerts(quiet: Sequence[float], artist_weeks: float, cut: float) -> float:
    """Say how many false alerts per 100 artists and week a cut lets through."""
    return 100 * sum(bits >= cut for bits in quiet) / artist_weeks if artist_weeks else 0.0


def _part(question: Question, signal: Signal) -> Part:
    return Part(
        signal=getattr(question, "__name__", ""),
        reason=(question.__doc__ or "").strip(),
        state=signal.state,
        bits=signal.bits,
        because=signal.because,
        weights=signal.parts,
        missing=signal.missing,
        low=signal.low,
        high=signal.high,
    )


def _total(bits: Iterable[float]) -> float:
    return round(fsum(bits), 3)


def _opens(score: float, parts: Sequence[Part]) -> tuple[bool, str]:
    if score < OPEN_AT:
        return False, f"{score:.1%} is under {OPEN_AT:.0%}"
    firm = [p for p in parts if p.state == FIRED and p.bits >= FIRM and p.signal not in CONTEXT]
    if not firm:
        return False, "only context speaks against it"
    if all(p.signal == SILENCE for p in firm) and any(p.signal == "who_delivered" and p.state == FIRED for p in parts):
        return False, "only a long silence speaks against it, and who delivered it is told"
    best = max(firm, key=lambda p: p.bits)
    return True, f"{best.reason} {best.because}"


def _attack(event: Event, kind: str, parts: Sequence[Part]) -> str:
    spoke = {p.signal for p in parts if p.state == FIRED and p.bits > 0}
    if spoke & {"constant_ratio", "copied_under_other_codes", "titles_of_the_artist"}:
        return "F"
    if spoke & {"after_death", "after_silence"} and kind == "arrival":
        return "H"
    if kind in ("guest", "named"):
        return "E"
    if kind == "profile":
        same = any(r.same for r in event.resembled)
        alias = any(r.met in event.artist.aliases for r in event.resembled)
        return "D" if alias and not same else "B" if same else "C"
    return "K" if kind == "disappearance" else "A"


def blind_fields(judged: Judged) -> tuple[str, ...]:
    """List what was not told though it might have moved the score."""
    return tuple(dict.fromkeys(missing for part in judged.parts for missing in part.missing))
