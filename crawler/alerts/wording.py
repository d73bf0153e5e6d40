"""The words of alerts. What platforms printed is hostile, and a chat or mail program acts on more than a terminal does.

Marks that mention, link, format or end a line are shown and do nothing; `falsetto cases show` has the text as printed.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from crawler.alerts.values import Concern
from storage.facts.loud import LoudCase

HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
LONGEST = 160  # characters of a quoted name or title
LONGEST_SUBJECT = 200
SHOWN = 10  # cases of a campaign that are named
# Look-alikes that no program reads as markup, a mention or an address.
INERT = str.maketrans(
    {"<": "‹", ">": "›", "@": "＠", "[": "⟦", "]": "⟧", "`": "‵", "*": "∗", "~": "∼", "|": "∣"}
    | {"{": "❴", "}": "❵", "\\": "⧵"}
)


def inert(text: object, longest: int = LONGEST) -> str:
    """Show a text that somebody else wrote so that no reader's program acts on it."""
    shown = str(text)
    if len(shown) > longest:
        shown = shown[: longest - 1] + "…"
    shown = "".join(" " if unicodedata.category(c) in HIDDEN or _is_no_character(c) else c for c in shown)
    return " ".join(shown.translate(INERT).replace("://", ":⁄⁄").replace("www.", "www․").split())


def _is_no_character(c: str) -> bool:
    """Tell what no document may hold: XML would be broken by it."""
    return ord(c) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(c) <= 0xFDEF


def of_case(one: LoudCase) -> Concern:
    """Word a case."""
    why = "again: " if one.status == "returned" or one.reopened_because else ""
    where = ", ".join(sorted(one.platforms)) or "nowhere now"
    lines = [
        f"unconfirmed: {inert(one.title)} ({one.kind}, {one.attack or 'unclassed'}) under the name of "
        f"{inert(one.artist)}, on {where}",
        f"score {one.score:.2f}, from {one.score_low:.2f} to {one.score_high:.2f}; opened {_day(one.opened_at)}",
        *(f"  {bits:+.1f} bits: {inert(reason)}" for reason, bits in one.reasons),
    ]
    if one.reopened_because:
        lines.append(f"open again: {inert(one.reopened_because)}")
    lines.append(f"falsetto cases show {one.id}")
    return Concern(
        key=f"case:{one.id}",
        occasion=str(one.reopened),
        subject=f"{why}{inert(one.artist, 80)}: {inert(one.title, 80)} (case {one.id}, {one.score:.2f})",
        lines=tuple(lines),
        kind=one.kind,
        artist_id=one.artist_id,
        tags=one.tags,
        platforms=one.platforms,
        score=one.score,
    )


def of_campaign(number: int, ties: Sequence[str], members: Sequence[LoudCase]) -> Concern:
    """Word the cases of one campaign that concern the same rule."""
    ordered = sorted(members, key=lambda one: (-one.score, one.id))
    artists = {one.artist_id for one in ordered}
    lines = [f"unconfirmed: {len(ordered)} cases that one operator seems to have made, tied by"]
    lines += [f"  {inert(tie)}" for tie in ties[:SHOWN]]
    lines += [
        f"case {one.id}, {one.score:.2f}: {inert(one.title, 80)} under the name of {inert(one.artist, 80)}"
        for one in ordered[:SHOWN]
    ]
    if len(ordered) > SHOWN:
        lines.append(f"and {len(ordered) - SHOWN} more")
    lines.append("falsetto cases list")
    return Concern(
        key=f"campaign:{number}",
        occasion=str(max(one.reopened for one in ordered)),
        subject=f"campaign {number}: {len(ordered)} cases against {len(artists)} artists",
        lines=tuple(lines),
        kind=ordered[0].kind,
        platforms=frozenset().union(*(one.platforms for one in ordered)),
        score=ordered[0].score,
    )


def of_late_answer(row: Mapping[str, Any]) -> Concern:
    """Word a report to a platform whose answer is late."""
    ticket = f", ticket {inert(row['ticket'])}" if row["ticket"] else ""
    reported, due = f"reported {row['reported_at']:%Y-%m-%d}", f"due {_day(row['deadline_at'])}"
    return Concern(
        key=f"deadline:{row['id']}",
        occasion=f"{row['deadline_at']:%Y%m%d%H%M}",
        subject=f"no answer from {inert(row['platform'])} about case {row['case_id']}",
        lines=(
            f"{inert(row['title'])} under the name of {inert(row['artist'])}",
            f"{reported} ({row['ground']}{ticket}), {due}",
            f"falsetto cases reports --case {row['case_id']}",
        ),
        kind=row["kind"],
        artist_id=row["artist_id"],
        tags=frozenset(row["tags"]),
        platforms=frozenset(row["platforms"]),
        score=row["score"],
    )


def message(parts: Sequence[tuple[str, str]], again: bool) -> tuple[str, str]:
    """Make one message of (subject, body) parts; `again`: it may have arrived before."""
    subject = parts[0][0] if len(parts) == 1 else f"{len(parts)} things: {parts[0][0]}"
    body = parts[0][1] if len(parts) == 1 else "\n\n".join(f"{title}\n{text}" for title, text in parts)
    if again:
        body += "\n\nSent again: an earlier attempt was cut off and may have reached you."
    return f"Falsetto: {subject}"[:LONGEST_SUBJECT], body


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
