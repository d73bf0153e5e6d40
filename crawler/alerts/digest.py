"""The digest: what is new, what changed, what waits for somebody, and where we are blind, on one page."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from crawler.alerts import seeing
from crawler.alerts.values import Concern, Rule, concerns
from storage import alerts, judging_queue
from storage.facts import loud, news, reports
from storage.facts.held import held_back

DAY = timedelta(days=1)
SHOWN = 15  # rows of a part; the rest is counted
Text = Callable[[object], str]


@dataclass(frozen=True, slots=True)
class Digest:
    """One page."""

    since: datetime
    at: datetime
    arrivals: int  # releases that newly stand on monitored pages, ordinary ones too
    new: tuple[Mapping[str, Any], ...]  # cases
    changed: tuple[Mapping[str, Any], ...]
    waiting: tuple[Mapping[str, Any], ...]
    late: tuple[Mapping[str, Any], ...]  # reports to platforms whose answer is overdue
    trouble: tuple[str, ...]
    blind: tuple[str, ...]

    def as_row(self) -> dict[str, Any]:
        """Return it with stable keys."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def read(
    connection: Connection,
    at: datetime,
    since: datetime,
    rule: Rule | None = None,
    enabled: Collection[str] = (),
) -> Digest:
    """Read the page, or the part of it that a rule asks for."""
    shown = rule is None or rule.about != "trouble"
    return Digest(
        since=since,
        at=at,
        arrivals=news.arrivals(connection, since, at),
        new=_chosen(news.opened(connection, since, at), rule) if shown else (),
        changed=_chosen(news.changed(connection, since, at), rule) if shown else (),
        waiting=_chosen(news.waits(connection), rule) if shown else (),
        late=_chosen(loud.overdue(connection, at), rule) if shown else (),
        trouble=_trouble(connection, at, rule, enabled),
        blind=_blind(connection, at, rule),
    )


def _chosen(rows: Any, rule: Rule | None) -> tuple[Mapping[str, Any], ...]:
    return tuple(row for row in rows if rule is None or concerns(rule, _as_concern(row)))


def _as_concern(row: Mapping[str, Any]) -> Concern:
    return Concern(
        key="",
        subject="",
        lines=(),
        kind=row["kind"],
        artist_id=row["artist_id"],
        tags=frozenset(row["tags"]),
        platforms=frozenset(row["platforms"]),
        score=row["score"],
    )


def _trouble(connection: Connection, at: datetime, rule: Rule | None, enabled: Collection[str]) -> tuple[str, ...]:
    if rule is not None and rule.about == "cases":
        return ()
    wrong = [one for one in seeing.trouble_now(connection, enabled, (), at) if rule is None or concerns(rule, one)]
    lines = [f"{one.subject}: {'; '.join(one.lines)}" for one in wrong]
    lines += [
        f"alerts by the rule {row.name} fail since {row.failing_since:%Y-%m-%d %H:%M} UTC: {row.trouble}"
        for row in alerts.rules(connection)
        if row.failing_since is not None
    ]
    return tuple(lines)


def _blind(connection: Connection, at: datetime, rule: Rule | None) -> tuple[str, ...]:
    if rule is not None and rule.about == "cases":
        return ()
    lines = []
    for row in reports.freshness(connection, at):
        unseen = row["targets"] - row["seen_whole"]
        if unseen and row["ask"] in ("search", "releases"):
            where = ":".join(part for part in (row["platform"], row["ask"], row["section"]) if part)
            lines.append(f"{where}: {unseen} of {row['targets']} never seen whole")
    for platform, fields in reports.blind_fields(connection).items():
        if fields:
            lines.append(f"{platform} does not tell: {fields.replace(',', ', ')}")
    for row in held_back(connection):
        lines.append(
            f"{row['platform']}: {row['held']} releases of {row['name']} vanished at once and are held until that is "
            "confirmed"
        )
    if count := judging_queue.unjudged(connection):
        lines.append(f"{count} looks are recorded and not judged")
    return tuple(lines)


def headline(page: Digest) -> str:
    """Say the page in one line."""
    loud_ones = sum(bool(row["loud"]) for row in page.new)
    return (
        f"{page.at:%Y-%m-%d}: {len(page.new)} new cases ({loud_ones} loud), {len(page.changed)} changed, "
        f"{len(page.waiting)} wait, {len(page.late)} answers late, {len(page.trouble)} troubles"
    )


def parts(page: Digest, text: Text) -> list[tuple[str, list[str]]]:
    """Say the page as titled lists; `text` makes what others wrote harmless where it is shown."""
    return [
        ("New", [_case_line(row, text) for row in page.new]),
        ("Changed", [_change_line(row, text) for row in page.changed]),
        ("Waiting for a verdict", [_case_line(row, text) for row in page.waiting]),
        ("No answer from a platform, and late", [_late_line(row, text) for row in page.late]),
        ("Trouble", [text(line) for line in page.trouble]),
        ("Where we are blind", [text(line) for line in page.blind]),
    ]


def opening(page: Digest) -> str:
    """Say which time the page is about."""
    return (
        f"From {page.since:%Y-%m-%d %H:%M} to {page.at:%Y-%m-%d %H:%M} UTC: {page.arrivals} releases arrived on "
        "monitored pages. All that is said of cases is unconfirmed until somebody with authority decided."
    )


def as_text(page: Digest, text: Text) -> str:
    """Write the page for a terminal or a message."""
    lines = [opening(page)]
    for title, rows in parts(page, text):
        lines += ["", f"{title}: {len(rows) or 'nothing'}", *(f"  {row}" for row in rows[:SHOWN]), *_more(rows)]
    return "\n".join(lines)


def as_html(page: Digest) -> str:
    """Write the page as HTML: one that loads nothing and runs nothing."""
    from html import escape

    from crawler.alerts.wording import inert

    def text(value: object) -> str:
        return escape(inert(value, 300))

    found = [f"<h1>Falsetto, {page.at:%Y-%m-%d}</h1>", f"<p>{escape(opening(page))}</p>"]
    for title, rows in parts(page, text):
        found.append(f"<h2>{title}: {len(rows) or 'nothing'}</h2>")
        if rows:
            items = "".join(f"<li>{row}</li>" for row in (*rows[:SHOWN], *(one.strip() for one in _more(rows))))
            found.append(f"<ul>{items}</ul>")
    policy = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">'
    head = f'<!doctype html><html lang="en"><head><meta charset="utf-8">{policy}<title>Falsetto</title></head>'
    return f"{head}<body>{''.join(found)}</body></html>"


def _more(rows: Sequence[str]) -> list[str]:
    return [f"  and {len(rows) - SHOWN} more"] if len(rows) > SHOWN else []


def _case_line(row: Mapping[str, Any], text: Text) -> str:
    where = ", ".join(row["platforms"]) or "nowhere now"
    mark = "! " if row["loud"] else ""
    who = f"{text(row['title'])} under the name of {text(row['artist'])}"
    return f"{mark}case {row['id']}, {row['score']:.2f}: {who}, {where}"


def _change_line(row: Mapping[str, Any], text: Text) -> str:
    note = f" ({text(row['note'])})" if row["note"] else ""
    return f"case {row['id']} is {row['status']}{note}: {text(row['title'])} under the name of {text(row['artist'])}"


def _late_line(row: Mapping[str, Any], text: Text) -> str:
    return (
        f"case {row['case_id']}, {text(row['platform'])}: due {row['deadline_at']:%Y-%m-%d}, reported "
        f"{row['reported_at']:%Y-%m-%d} as {row['ground']} {text(row['ticket'])}".rstrip()
    )
