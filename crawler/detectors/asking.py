"""Asks a detection system about cases: an estimate first, then one reference after the other.

What is asked is kept before it is, and closed by its answer, however that comes: at once, by polling or by a callback.
The network is between the transactions. An answer counts once.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pydantic import ValidationError
from sqlalchemy import Connection, Engine

from crawler import verdicts
from crawler.detectors.contract import Detector, Failed, Reference, Told
from crawler.detectors.ladder import chosen, references
from crawler.feed.candidates import candidate
from storage import askings, outbox
from storage.askings import Asked
from storage.database import writing
from storage.facts.case_file import case_file

DAY = timedelta(days=1)
JOBS_A_POLL = 1000

log = logging.getLogger(__name__)


class NotOurs(Exception):
    """An answer to something that nobody asked."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One reference to be handed off."""

    case_id: int
    reference: Reference


@dataclass(frozen=True, slots=True)
class Estimate:
    """What asking would take, before anything is asked."""

    detector: type[Detector]
    planned: tuple[Planned, ...]
    without: tuple[int, ...]  # cases of which nothing can be handed to this detector
    known: int  # references that it answered, or works on
    over: int  # references beyond what it allows in a day

    @property
    def millicents(self) -> int:
        """Say what it costs by the detector's list."""
        return len(self.planned) * self.detector.limits.millicents

    @property
    def minutes(self) -> float:
        """Say how long it takes at the pace that the detector allows."""
        return len(self.planned) / self.detector.limits.per_minute


@dataclass(slots=True)
class Tally:
    """What became of what was asked."""

    answered: int = 0
    waiting: int = 0
    failed: dict[str, int] = field(default_factory=dict)  # why -> how often
    stopped: str = ""  # the detector takes no more for now


def estimate(
    connection: Connection,
    kind: type[Detector],
    case_ids: Sequence[int],
    at: datetime,
    *,
    switched_off: Collection[str] = (),
    audio_url: str = "",
) -> Estimate:
    """Choose what would be handed off about these cases, and count what it costs."""
    fitting: dict[int, list[Reference]] = {}
    numbers: dict[int, int] = {}  # a merged case's number -> the case that it went up in: what was asked of it counts
    for case_id in dict.fromkeys(case_ids):
        file = case_file(connection, case_id)
        document = candidate(file, "changed", "asked", at)
        fitting[document.case_id] = chosen(kind, references(document, switched_off, audio_url))
        numbers |= dict.fromkeys((document.case_id, *file.merged), document.case_id)
    asked = askings.known(connection, kind.name, numbers, at)
    known = {(numbers[number], value) for number, value in asked}
    fit = [Planned(case_id, one) for case_id, found in fitting.items() for one in found]
    planned = [one for one in fit if (one.case_id, one.reference.value) not in known]
    without = tuple(case_id for case_id, found in fitting.items() if not found)
    room, asked_before = len(planned), len(fit) - len(planned)
    if kind.limits.per_day is not None:
        room = max(0, kind.limits.per_day - askings.spent(connection, kind.name, at - DAY))
    return Estimate(kind, tuple(planned[:room]), without, asked_before, max(0, len(planned) - room))


def ask(
    engine: Engine,
    detector: Detector,
    planned: Sequence[Planned],
    callback: Callable[[int], str],
    now: Callable[[], datetime],
    wait: Callable[[float], None],
) -> Tally:
    """Hand the references off, no faster than the detector allows."""
    tally = Tally()
    for number, one in enumerate(planned):
        if number:
            wait(60 / detector.limits.per_minute)
        reference = one.reference
        asked = Asked(
            one.case_id, detector.name, reference.rung, reference.value, reference.source, detector.limits.millicents
        )
        with writing(engine) as connection:
            asking_id = askings.begin(connection, asked, now())
        _settled(engine, detector, asking_id, lambda: detector.ask(reference, callback(asking_id)), now, tally)  # noqa: B023
        if tally.stopped:
            break
    return tally


def poll(engine: Engine, detector: Detector, now: Callable[[], datetime], wait: Callable[[float], None]) -> Tally:
    """Ask what became of the jobs that a detector works on, no faster than it allows."""
    tally = Tally()
    with engine.connect() as connection:
        jobs = askings.waiting(connection, detector.name, JOBS_A_POLL)
    for number, row in enumerate(jobs):
        if number:
            wait(60 / detector.limits.per_minute)
        _settled(engine, detector, row.id, lambda: _polled(detector, row.job), now, tally, polled=True)  # noqa: B023
        if tally.stopped:
            break
    return tally


def _polled(detector: Detector, job: str) -> Told:
    told = detector.poll(job)
    if told.job and told.job != job:
        raise Failed("failed", "it told of another job than the one that it was asked about")
    return told


def hear(connection: Connection, name: str, asking_id: int, told: Told, at: datetime) -> int | None:
    """Keep what a detector answered to something that was asked of it; None if nothing, or nothing new."""
    row = askings.find(connection, asking_id, name)
    if row is None or (row.job and told.job and row.job != told.job):
        raise NotOurs(f"{name} was not asked that")
    if not told.answers or not askings.answered(connection, asking_id, told.job, at):
        return None
    case_id = int(row.case_id)
    for answer in told.answers:
        case_id = verdicts.answered(connection, case_id, answer, name, at)
    return case_id


def _settled(
    engine: Engine,
    detector: Detector,
    asking_id: int,
    work: Callable[[], Told],
    now: Callable[[], datetime],
    tally: Tally,
    polled: bool = False,
) -> None:
    try:
        told = understood(work)
    except Failed as fault:
        _note_failure(engine, detector, asking_id, fault, tally, polled)
        return
    with writing(engine) as connection:
        if told.answers:
            hear(connection, detector.name, asking_id, told, now())
            tally.answered += 1
        else:
            askings.works(connection, asking_id, told.job)
            tally.waiting += 1
    if told.answers:
        with writing(engine) as connection:
            outbox.sequence(connection)


def _note_failure(
    engine: Engine, detector: Detector, asking_id: int, fault: Failed, tally: Tally, polled: bool
) -> None:
    tally.failed[str(fault)] = tally.failed.get(str(fault), 0) + 1
    log.warning("detector %s: %s", detector.name, fault)
    if fault.outcome == "quota":
        tally.stopped = str(fault)
    if polled and fault.outcome in ("failed", "quota"):
        return  # the job may be done all the same
    state = askings.QUOTA if fault.outcome == "quota" else askings.FAILED
    with writing(engine) as connection:
        askings.failed(connection, asking_id, state, str(fault))


def understood(work: Callable[[], Told]) -> Told:
    """Return what a detector said, or raise Failed where its values are none of the vocabulary."""
    try:
        return work()
    except Failed:
        raise
    except ValidationError as fault:
        where = ".".join(str(part) for part in fault.errors()[0]["loc"]) or "a value"
        raise Failed("failed", f"its answer has a value that is not allowed: {where}") from None
    except (TypeError, LookupError, ValueError, ArithmeticError) as fault:
        # Foreign text of any shape: where an adapter's reading trips over it, that answer is none, and others go on.
        raise Failed("failed", f"its answer can't be read: {type(fault).__name__}") from None
