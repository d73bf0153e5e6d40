"""A person's correction of what is one release: an appearance taken out of its group for good, or put back."""

from datetime import datetime

from sqlalchemy import Connection

from crawler.feed import candidates
from crawler.journey.grouping import group_releases
from storage import cases, groups, judging_queue
from storage.facts.appearances import ids_of
from storage.facts.case_file import case_file


class NotThere(Exception):
    """The appearance is not among the case's."""


def part(connection: Connection, case_id: int, ref: str, by: str, at: datetime) -> str:
    """Cut an appearance out of a case's group; both are judged again, and the verdict stays where it was given."""
    release_id = _of(connection, case_id, ref)
    others = groups.cut(connection, release_id, by, at)
    if not others:
        return f"{ref} stands alone already"
    _regroup(connection, [release_id, *others], case_id, at)
    return f"{ref} is a release of its own now, apart from {len(others)} others"


def reunite(connection: Connection, case_id: int, ref: str, by: str, at: datetime) -> str:
    """Take an appearance's cuts back, so that its ties count again."""
    platform, _, platform_id = ref.partition(":")
    release_id = ids_of(connection, {(platform, platform_id)}).get((platform, platform_id))
    if release_id is None:
        raise NotThere(f"{ref} was never seen")
    others = [a if b == release_id else b for a, b in groups.cuts(connection, [release_id])]
    groups.uncut(connection, release_id, others)
    _regroup(connection, [release_id, *others], case_id, at)
    return f"{ref}: {len(others)} cuts taken back by {by}"


def _of(connection: Connection, case_id: int, ref: str) -> int:
    for one in case_file(connection, case_id).appearances:
        if one.release is not None and f"{one.profile.platform}:{one.release.platform_id}" == ref:
            return int(one.release.id)
    raise NotThere(f"case {case_id} has no appearance {ref}: see falsetto cases group {case_id}")


def _regroup(connection: Connection, release_ids: list[int], case_id: int, at: datetime) -> None:
    withdrawn = group_releases(connection, release_ids, at)
    candidates.tell(connection, withdrawn, at)
    judging_queue.want(connection, [cases.find(connection, case_id).artist_id], "a group was corrected", at)
