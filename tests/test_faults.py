"""Every fault at once: nothing is called removed that is there, and nothing complete that was not seen whole."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

import sandbox
from crawler.demo import play
from storage.database import open_database
from storage.models import change, listing, look, profile, release, target
from storage.targets import Ask
from tests import sandboxed

FAULTS = {
    "throttle_mid_page": 0.03,
    "throttle": 0.02,
    "error_in_200": 0.03,
    "short_page": 0.05,
    "cycle": 0.03,
    "jitter_total": 0.1,
    "storm_503": 0.03,
    "reset": 0.03,
    "slow": {"probability": 0.02, "seconds": 0.1},
    "truncated": 0.03,
    "html_error": 0.02,
    "null_items": 0.02,
    "ignore_offset": 0.02,
    "empty_403": {"probability": 0.01, "platforms": ["itunes"]},
}


@pytest.mark.timeout(900)
def test_no_fault_makes_anything_removed_or_complete_that_is_not(tmp_path, sqlite_template):
    (tmp_path / "store.db").write_bytes(sqlite_template.read_bytes())
    url = f"sqlite:///{tmp_path / 'store.db'}"
    engine = open_database(url)
    with sandbox.running(scale=0.25, told=True, start=play.START, faults=FAULTS, capability="extended") as world:
        done = sandboxed.days(world, url, tmp_path, count=4)
        now = world.now()
        spans = {
            (row["platform"], row["profile"], row["section"], row["release"]): row
            for row in world.visible(since=play.START - timedelta(days=1), at=now)
        }
        fired = world.told("faults")
    seen = sum(sum(tally.values()) for looks in done["looks"] for tally in looks.values())
    bad = sum(
        count
        for looks in done["looks"]
        for tally in looks.values()
        for outcome, count in tally.items()
        if outcome not in ("complete", "absent", "blind")
    )
    assert seen > 500, fired
    assert bad > 50, done["looks"]
    with engine.connect() as connection:
        nothing_removed_that_is_there(connection, spans)
        _nothing_complete_that_was_not_whole(connection, spans)
        assert connection.scalar(select(func.count()).where(look.c.outcome == "")) == 0
    engine.dispose()


def nothing_removed_that_is_there(connection, spans):
    removed = connection.execute(
        select(profile.c.platform, profile.c.platform_id, listing.c.section, release.c.platform_id, change.c.changed_at)
        .select_from(change)
        .join(listing, listing.c.id == change.c.entity_id)
        .join(profile, profile.c.id == listing.c.profile_id)
        .join(release, release.c.id == listing.c.release_id)
        .where(change.c.entity == "listing", change.c.field == "removed")
    ).all()
    by_page = {(platform, page, release_id): row for (platform, page, _, release_id), row in spans.items()}
    for platform, page, _, release_id, at in removed:
        row = by_page.get((platform, page, release_id))
        if row is not None:
            assert row["until"] is not None, (platform, page, release_id)
            assert datetime.fromisoformat(row["until"]) <= at, (platform, page, release_id)


def _nothing_complete_that_was_not_whole(connection, spans):
    """What stood on a page throughout a complete look must be in the store as listed there."""
    listed = {
        tuple(row)
        for row in connection.execute(
            select(profile.c.platform, profile.c.platform_id, release.c.platform_id)
            .join(listing, listing.c.profile_id == profile.c.id)
            .join(release, release.c.id == listing.c.release_id)
        )
    }
    walks = connection.execute(
        select(target.c.platform, target.c.subject, target.c.section, look.c.started_at, look.c.ended_at)
        .join(look, look.c.target_id == target.c.id)
        .where(target.c.ask == Ask.RELEASES.value, look.c.outcome == "complete")
    ).all()
    checked = 0
    for (platform, page, section, release_id), row in spans.items():
        begin = datetime.fromisoformat(row["from"])
        end = datetime.fromisoformat(row["until"]) if row["until"] else None
        if not row["reachable"] or (platform == "musicbrainz" and section == "appears_on"):
            continue
        for walk in walks:
            if (walk.platform, walk.subject) != (platform, page) or walk.section not in ("", section):
                continue
            if begin <= walk.started_at and (end is None or end > walk.ended_at):
                checked += 1
                assert (platform, page, release_id) in listed, (platform, page, section, release_id, walk)
    assert checked > 200
