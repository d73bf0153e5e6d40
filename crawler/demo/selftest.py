"""The golden scenarios, planted in a sandbox and judged by all that production runs: what was found, what not."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

import sandbox
from crawler.demo.accounts import apple_account
from crawler.demo.against_truth import Key, keys_of, own_pages
from crawler.demo.play import PLATFORMS, START, demo_settings, play, secrets
from crawler.settings import Settings
from crawler.worker.reactor import in_reactor
from crawler.worker.worker import Progress
from storage.database import open_database, upgrade
from storage.facts import asked, case_list
from storage.targets import Ask

SOON = 2  # looks within which a case has to be open
HIGH = 3  # places of a census among which an attack has to be that stood there at the first whole look
WRITERS_TOLD = "apple_music"  # the demo's platforms tell no writers
SHARED = ("shared_line", "shared_registrant", "shared_codes", "shared_cover", "shared_naming", "campaign")
DELIVERED = ("who_delivered",)
NAMED = ("resembles_the_name",)
REASONS: Mapping[str, Sequence[str]] = {  # of which one must have spoken for the case
    "dormant_break": ("after_death", "after_silence"),
    "profile_hijack": DELIVERED,
    "one_word_wave": SHARED,
    "wave": SHARED,
    "ghost_writer": ("shared_writer", "strange_writers", "campaign by writer"),  # another tie is luck: he must be seen
    "token_subset": ("titles_of_the_artist", *NAMED),
    "homoglyph": NAMED,
    "punctuation": NAMED,
    "transliteration": NAMED,
    "alias_leak": NAMED,
    "stranger_feat": ("credited_by_a_stranger", "strangers_on_it"),
    "fabricated_collab": ("two_victims_together", "strangers_on_it"),
    "sped_up_pack": ("constant_ratio", "version_words", "titles_of_the_artist"),
    "back_dated": ("back_dated", "older_than_its_codes"),
    "geo_hide": DELIVERED,
    "taken_down": DELIVERED,
    "move_after_takedown": DELIVERED,
    "uploaded_again": (*DELIVERED, "copied_under_other_codes"),
    "dictionary_run": (*SHARED, *NAMED),
    "split_ring": (*SHARED, *NAMED),
    "track_swap": ("tracks_changed",),
}


@dataclass(frozen=True, slots=True)
class Found:
    """One planted event: what it was, whether it became a case, and what is wrong with that."""

    golden: str
    kind: str
    attack: bool
    case_id: int | None
    score: float
    loud: bool
    looks: int | None  # from when it could be seen until its case was open
    place: int | None  # in the census, of what stood there at the first whole look
    reasons: tuple[str, ...]  # what spoke most for the case
    wrong: str

    @property
    def right(self) -> bool:
        """Tell whether all is as it should be."""
        return not self.wrong

    def as_row(self) -> dict[str, Any]:
        """Return it under stable keys."""
        return {**asdict(self), "right": self.right}

    def line(self) -> str:
        """Show it for a reader."""
        what = "attack" if self.attack else "twin"
        case = "no case" if self.place is None else f"no case, place {self.place} of the census"
        if self.case_id is not None:
            cut = "above" if self.loud else "below"
            looks = f", {self.looks} looks after it could be seen" if self.looks is not None else ""
            case = f"case {self.case_id} at {self.score:.2f}, {cut} the cut{looks}; {', '.join(self.reasons)}"
        wrong = f" ({self.wrong})" if self.wrong else ""
        return f"{'MISS' if self.wrong else 'ok  '}  {self.golden or '-':<4} {what:<6} {self.kind:<22} {case}{wrong}"


def run(
    folder: Path, scenarios: tuple[str, ...], seed: int, days: int, scale: float, progress: Progress
) -> list[Found]:
    """Plant, crawl, judge, compare."""
    url = f"sqlite:///{folder / 'selftest.db'}"
    upgrade(url)
    engine = open_database(url)
    planted_in = float(max(7, days - 2))
    with sandbox.running(seed=seed, scale=scale, start=START, told=True, scenarios=scenarios, days=planted_in) as world:
        settings = selftest_settings(world, url, folder)
        stage = (world, engine, settings, folder)
        ran = in_reactor(lambda stops: play(*stage, stops, lambda line: None, progress, days, whole_roster=True))
        truth = world.truth()
    if ran.stopped:
        engine.dispose()
        raise KeyboardInterrupt  # half a run tells nothing of what would be found
    with engine.connect() as connection:
        rows = compare(connection, truth, [morning for morning, _ in ran.days])
    engine.dispose()
    return rows


def selftest_settings(world: sandbox.Sandbox, url: str, folder: Path) -> Settings:
    """Ask the demo's platforms and one that tells writers."""
    settings = demo_settings(world, url)
    reach = dict(settings.reach)
    reach[WRITERS_TOLD] = {**reach[WRITERS_TOLD], **secrets(**apple_account())}
    more = {"platforms": (*PLATFORMS, WRITERS_TOLD), "reach": reach, "token_dir": str(folder)}
    return settings.model_copy(update=more)


def compare(connection: Connection, truth: Mapping[str, Any], mornings: Sequence[datetime]) -> list[Found]:
    """Hold every planted event against the cases; what stood there before the start is a census and no case."""
    by_key: dict[Key, list[Mapping[str, Any]]] = {}
    for case in case_list.cases(connection):
        for one in case["findings"]:
            by_key.setdefault((one["platform"], one["profile_id"], one["release_id"]), []).append(case)
    own = own_pages(truth)
    rows = [
        _found(
            connection, event, attack, [case for key in keys_of(event, own) for case in by_key.get(key, ())], mornings
        )
        for name, attack in (("attacks", True), ("twins", False))
        for event in truth[name]
        if not event["census"] and not _later(event, mornings)
    ]
    return sorted(rows, key=lambda row: (int(row.golden[1:]) if row.golden else 99, not row.attack, row.kind))


def _later(event: Mapping[str, Any], mornings: Sequence[datetime]) -> bool:
    """Tell whether an event can be seen only after the last round."""
    return event["visible_from"] is not None and datetime.fromisoformat(event["visible_from"]) > mornings[-1]


def _found(
    connection: Connection,
    event: Mapping[str, Any],
    attack: bool,
    cases: Sequence[Mapping[str, Any]],
    mornings: Sequence[datetime],
) -> Found:
    best = max(cases, key=lambda case: (case["score"], -case["id"]), default=None)
    spoken = {
        said
        for case in cases
        for signal in case["evidence"]
        if signal["state"] == "fired" and signal["bits"] > 0
        for said in _said(signal)
    }
    looks = _looks(connection, event, cases, mornings)
    place = None if cases or not attack else _place(connection, event)
    loud = any(case["loud"] for case in cases)
    return Found(
        golden=event["scenario"] or "",
        kind=event["kind"],
        attack=attack,
        case_id=best["id"] if best else None,
        score=best["score"] if best else 0.0,
        loud=loud,
        looks=looks,
        place=place,
        reasons=_most(best) if best else (),
        wrong=_attacked(event, bool(cases), looks, place, spoken) if attack else "above the cut" if loud else "",
    )


def _said(signal: Mapping[str, Any]) -> Sequence[str]:
    """Name what spoke; of a campaign also whether a writer ties it."""
    name = signal["signal"]
    by_writer = name == "campaign" and re.search(r"(?:tied by|,) writer ", signal["because"])
    return (name, "campaign by writer") if by_writer else (name,)


def _attacked(event: Mapping[str, Any], found: bool, looks: int | None, place: int | None, spoken: set[str]) -> str:
    """Say what is wrong with an attack's case."""
    if event["visible_from"] is None:
        return "metadata cannot show it" if found else ""
    if not found:
        return "" if place is not None and place <= HIGH else "not found"
    if looks is not None and looks > SOON:
        return "late"
    wanted = REASONS.get(event["kind"], ())
    return f"not for {' or '.join(wanted)}" if wanted and spoken.isdisjoint(wanted) else ""


def _looks(
    connection: Connection,
    event: Mapping[str, Any],
    cases: Sequence[Mapping[str, Any]],
    mornings: Sequence[datetime],
) -> int | None:
    """Count the looks from when an event could be seen until its first case was open.

    They are the daily rounds, or fewer: a list waits where a quota is small, and a track of a release and the face of
    a page are told by their own records alone. Then it is the looks at the one of these that was looked at most since
    the event stood there; of a list's sections, at the one that was looked at least, but at all.
    """
    if event["visible_from"] is None or not cases:
        return None
    seen = datetime.fromisoformat(event["visible_from"])
    opened: datetime = min(case["opened_at"] for case in cases)
    rounds = sum(seen < morning <= opened for morning in mornings)
    since: dict[asked.Question, datetime] = {}
    for b in event["bindings"]:
        ask, subject = (Ask.RELEASE, b["release"]) if b["track"] else (Ask.RELEASES, b["profile"])
        stood = max(seen, datetime.fromisoformat(b["since"]))
        record = (b["platform"], ask.value, subject)
        since[record] = min(stood, since.get(record, stood))
    if event["swapped_at"] and not event["bindings"]:
        since = {(b["platform"], Ask.PROFILE.value, b["profile"]): seen for b in event["profiles"]}
    fewest: dict[asked.Question, int] = {}
    for record, times in asked.answered(connection, since):
        if count := sum(since[record] < at <= opened for at in times):
            fewest[record] = min(count, fewest.get(record, count))
    return min(rounds, max(fewest.values(), default=rounds))


def _place(connection: Connection, event: Mapping[str, Any]) -> int | None:
    """Say where an event stands in the census, if no store began to show it after our first whole look."""
    bound = {(b["platform"], b["profile"], b["release"]) for b in event["bindings"] if not b["track"]}
    return min(asked.stood(connection, bound), default=None)


def _most(case: Mapping[str, Any], count: int = 3) -> tuple[str, ...]:
    fired = [signal for signal in case["evidence"] if signal["state"] == "fired" and signal["bits"] > 0]
    return tuple(signal["signal"] for signal in sorted(fired, key=lambda signal: -signal["bits"])[:count])
