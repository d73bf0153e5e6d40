"""A platform's lane told in a line: what keeps it, what it is at, or until when nothing is due. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup

from crawler.console.names import html
from crawler.console.telling import moment
from storage.frontier import Beating

Rows = Sequence[dict[str, Any]]


def state(queues: Rows, claims: Rows, budgets: Rows, workers: Sequence[Beating], now: datetime) -> tuple[str, Markup]:
    """Name a lane's state and say what makes it so; the first that holds of paused, working, behind, idle and off."""
    due, since = sum(row["due"] for row in queues), _first(row["due_since"] for row in queues)
    resting = [row for row in budgets if row["paused_moment"] is not None and row["paused_moment"] > now]
    if resting:
        return "paused", Markup("; ").join(_pause(row) for row in resting) + _waiting(due, since)
    if claims:
        held = Markup(", ").join(
            Markup("{} by {} until {}").format(row["targets"], html(row["lease_owner"]), moment(row["until"]))
            for row in claims
        )
        return "working", Markup("claimed: {}").format(held) + _waiting(due, since)
    if due:
        nobody = "" if workers else "; no worker runs"
        return "behind", Markup("{} due since {}{}").format(due, moment(since), nobody)
    if not queues:
        return "off", Markup("nothing is asked again")
    return "idle", Markup("nothing is due until {}").format(moment(_first(row["due_next"] for row in queues)))


def _pause(row: dict[str, Any]) -> Markup:
    why = Markup(": {}").format(html(row["pause_reason"])) if row["pause_reason"] else ""
    return Markup("{} until {}{}").format(row["bucket"] or "all calls", moment(row["paused_moment"]), why)


def _waiting(due: int, since: datetime | None) -> Markup:
    return Markup("; {} due since {}").format(due, moment(since)) if due else Markup("")


def _first(moments: Any) -> datetime | None:
    return min((at for at in moments if at is not None), default=None)
