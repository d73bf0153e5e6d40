"""A past that lies further back, for artists who are dead or long silent."""

import re
from dataclasses import replace

from sandbox.world import DAY, Release, Track

YEAR = re.compile(r"\d{4}")


def earlier(track: Track, years: int) -> Track:
    """Give a track as it would be had it been made some years before."""
    return replace(track, isrc=f"{track.isrc[:5]}{(int(track.isrc[5:7]) - years) % 100:02d}{track.isrc[7:]}")


def aged(release: Release, years: int) -> dict[str, object]:
    """Give what a release says had it come some years before."""
    year = int(release.date[:4])
    date = f"{year - years}{release.date[4:].replace('-02-29', '-02-28')}" if year else release.date
    p_line, c_line = (
        YEAR.sub(lambda said: str(int(said[0]) - years), line, 1) for line in (release.p_line, release.c_line)
    )
    on = {platform: replace(entry, since=entry.since - years * 365.25 * DAY) for platform, entry in release.on.items()}
    return {"date": date, "p_line": p_line, "c_line": c_line, "on": on, "changes": ()}
