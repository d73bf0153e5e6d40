"""What nobody wants any more is retired with all it remembers; what waits for a pause is due when it is lifted."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, and_, delete, false, or_, select, update

from storage.frontier.enrolment import forget
from storage.frontier.targets import hasten
from storage.models import target, watch
from storage.sets import ROWS_A_STATEMENT, batched
from storage.targets import Ask


def abandon(connection: Connection, artist_id: int, pages: Collection[tuple[str, str]] | None = None) -> int:
    """Ask nothing more for an artist's sake, or only nothing about these (platform, profile id) pages.

    Targets that nobody else wants are retired with all they remember; returns how many.
    """
    links = select(watch.c.target_id).where(watch.c.artist_id == artist_id)
    if pages is not None:
        about = or_(*(and_(target.c.platform == p, target.c.subject == i) for p, i in pages)) if pages else false()
        of_pages = (Ask.PROFILE.value, Ask.RELEASES.value)
        links = links.join(target, target.c.id == watch.c.target_id).where(about, target.c.ask.in_(of_pages))
    ids = sorted(connection.scalars(links))
    retired = 0
    for part in batched(ids, ROWS_A_STATEMENT):
        connection.execute(delete(watch).where(watch.c.artist_id == artist_id, watch.c.target_id.in_(part)))
        wanted = select(watch.c.target_id).where(watch.c.target_id == target.c.id).exists()
        alone = (target.c.id.in_(part), target.c.due_at.is_not(None), ~wanted)
        retired += connection.execute(update(target).where(*alone).values(due_at=None)).rowcount
    forget(connection, [artist_id])
    return retired


def hasten_throttled(connection: Connection, platform: str, at: datetime) -> int:
    """Make due what waits for nothing but the end of a pause, and count it."""
    waiting = connection.execute(
        select(target.c.id, target.c.priority).where(
            target.c.platform == platform, target.c.last_outcome == "throttled", target.c.due_at > at
        )
    ).all()
    for priority in {row.priority for row in waiting}:
        hasten(connection, [row.id for row in waiting if row.priority == priority], at, priority)
    return len(waiting)
