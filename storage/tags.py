"""Artists' tags: whose they are, so that alerts can be sent to whoever answers for them."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, delete, insert

from storage.models import artist_tag
from storage.sets import ROWS_A_STATEMENT, batched


def keep(connection: Connection, tags: Mapping[int, Iterable[str]]) -> None:
    """Give artists these tags in the place of those they had."""
    for part in batched(sorted(tags), ROWS_A_STATEMENT):
        connection.execute(delete(artist_tag).where(artist_tag.c.artist_id.in_(part)))
    rows = [{"artist_id": artist_id, "tag": tag} for artist_id, several in tags.items() for tag in set(several)]
    for few in batched(rows, ROWS_A_STATEMENT):
        connection.execute(insert(artist_tag), list(few))
