"""A case in the store without a crawl: somebody's page under a monitored artist's name."""

from datetime import datetime

from sqlalchemy import Connection

from storage import cases


def page_case(connection: Connection, artist_id: int, profile_id: int, at: datetime) -> int:
    """Open a case about a page; its group bears the page's number."""
    judged = cases.Judged(
        kind="profile",
        artist_id=artist_id,
        group_id=profile_id,
        attack="look-alike",
        origin="news",
        status="open",
        loud=False,
        score_low=0.5,
        score=0.55,
        score_high=0.6,
        bits=1.0,
        rule_version="r",
        evidence=(),
        title="Ada Quill",
        meaning="m",
        bindings=(cases.Bound(profile_id, None, "page", at),),
    )
    ((case_id, _),) = cases.keep(connection, [judged], at)
    return case_id
