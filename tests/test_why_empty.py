"""An empty field of the store says why: the platform does not give it, it gave nothing, or nobody asked yet."""

import pytest
from sqlalchemy import select

from spiders.base.platform import Access, platform, platform_names
from storage.models import look, release, target, track
from storage.observations import ReleaseSeen, TrackSeen
from storage.targets import Ask, Target
from tests.say import emptied, say, told

FIELDS = {"upc": release.c.gtin14, "isrc": track.c.isrc}
STORES = [name for name in platform_names() if Ask.RELEASE in platform(name).accepts]


def why(engine, name, field):
    """Ask the store why a release's field is empty: by its row, and by the latest look at its full record."""
    with engine.connect() as connection:
        rows = select(FIELDS[field]).select_from(release).outerjoin(track, track.c.release_id == release.c.id)
        if any(
            value for value in connection.scalars(rows.where(release.c.platform == name, release.c.platform_id == "r"))
        ):
            return "told"
        asked = select(look.c.blind).join(target, target.c.id == look.c.target_id).order_by(look.c.id.desc())
        blind = connection.scalar(
            asked.where(target.c.platform == name, target.c.ask == Ask.RELEASE.value, target.c.subject == "r")
        )
    if blind is None:
        return "not fetched"
    return "does not give" if field in blind.split(",") else "gave nothing"


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("name", STORES)
def test_an_empty_field_says_whether_it_is_withheld_empty_or_was_never_asked_for(engine, name, field):
    emptied(engine)
    blind = platform(name).blind_for(Access())
    say(engine, told(Target(name, Ask.RELEASES, "p"), ReleaseSeen("r", "Tide", listed_on="p"), blind=blind))
    assert why(engine, name, field) == "not fetched"
    full = Target(name, Ask.RELEASE, "r")
    say(engine, told(full, ReleaseSeen("r", "Tide"), TrackSeen("t", "Tide", "r"), blind=blind, at=1))
    assert why(engine, name, field) == ("does not give" if field in blind else "gave nothing")
    rows = ReleaseSeen("r", "Tide", upc="602445790128"), TrackSeen("t", "Tide", "r", isrc="DEAA12600001")
    say(engine, told(full, *rows, blind=blind - {field}, at=2))
    assert why(engine, name, field) == "told"
