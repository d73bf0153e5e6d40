"""The roster as a rights team hands it over: some rows with every id, some with an MBID only, a few with neither."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace

from sandbox.made.shape import Shape
from sandbox.world import PLATFORMS, Act, RosterRow, World

HEADER = ("name", "aliases", "mbid", "labels", "isrc_prefixes", *PLATFORMS)


def make_roster(shape: Shape, m: int, act: Act) -> RosterRow:
    """Write down what the rights team knows about one artist."""
    mbid = act.profiles["musicbrainz"].id if "musicbrainz" in act.profiles else ""
    knows = m % 50
    ids = {platform: profile.id for platform, profile in act.profiles.items()} if knows % 3 else {}
    if knows in (27, 45) and act.links:
        mbid, ids = "", {}
    return RosterRow(act.n, act.name, act.aliases, mbid, act.labels, act.isrc_prefixes, ids)


def roster_csv(world: World, whole: bool = False) -> str:
    """Write the roster as CSV, several values separated by a bar; whole: with every page that is the artist's."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for row in world.roster():
        pages = world.act(row.act).profiles.values() if whole else ()
        writer.writerow(csv_fields(replace(row, ids={**row.ids, **{page.platform: page.id for page in pages}})))
    return out.getvalue()


def csv_fields(row: RosterRow) -> Sequence[str]:
    """Write one roster row."""
    several = ("|".join(row.aliases), row.mbid, "|".join(row.labels), "|".join(row.isrc_prefixes))
    return (row.name, *several, *(row.ids.get(platform, "") for platform in PLATFORMS))
