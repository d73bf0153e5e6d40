"""What was put on the frontier for which artist, by a mark of what decided it: a sweep touches only what changed."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, select

from storage.models import enrolment
from storage.sets import dialect_insert


def marks(connection: Connection, platform: str) -> dict[int, str]:
    """Map the artists that a platform is asked about to the mark of what was wanted for them."""
    rows = connection.execute(select(enrolment.c.artist_id, enrolment.c.mark).where(enrolment.c.platform == platform))
    return {row[0]: row[1] for row in rows.all()}


def mark(connection: Connection, platform: str, marked: Mapping[int, str]) -> None:
    """Keep marks, in the transaction that wanted what they stand for."""
    if marked:
        put = dialect_insert(connection, enrolment)
        put = put.on_conflict_do_update(index_elements=["platform", "artist_id"], set_={"mark": put.excluded.mark})
        rows = [{"platform": platform, "artist_id": artist, "mark": value} for artist, value in sorted(marked.items())]
        connection.execute(put, rows)


def forget(connection: Connection, artist_ids: Sequence[int]) -> None:
    """Have the next sweep enrol these artists anew, whatever was wanted for them before."""
    connection.execute(delete(enrolment).where(enrolment.c.artist_id.in_(sorted(artist_ids))))
