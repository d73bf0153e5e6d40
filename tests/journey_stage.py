"""One artist whose pages are known, and looks that go the journey's whole way, as a lane brings them."""

from datetime import timedelta

from sqlalchemy import select

from crawler.journey import Journey
from crawler.suspicion.meeting import names_of
from crawler.timelapse import Timepiece
from crawler.watching.follow_up import Asking
from spiders.base.platform import platform
from storage import frontier, roster
from storage.database import writing
from storage.facts import bindings
from storage.frontier import Wanted
from storage.models import case, finding, profile, target
from storage.observations import Coverage, CreditSeen, LineSeen, Outcome, ReleaseSeen, Told, TrackSeen
from storage.targets import Ask, Target
from tests.say import day

PLATFORMS = ("deezer", "itunes", "musicbrainz")
HOME, STRANGE = "Paper Lantern Records", "Hollow Coin Music"


def with_one_artist(engine) -> Journey:
    """A journey with one artist whose pages on two platforms are known."""
    asking = Asking({name: platform(name) for name in PLATFORMS}, {})
    with writing(engine) as connection:
        ids, _ = roster.keep_artists(connection, [roster.Monitored("k", "Ada Quillfeather", None, 1.0, (), ())], day(0))
        pages = [roster.Standing(ids["k"], p, p[0] + "1", "official", "roster", "Ada Quillfeather") for p in PLATFORMS]
        roster.keep_standings(connection, pages[:2], day(0))
        monitored, owned = bindings.monitored(connection), bindings.owned(connection)
    made = Journey(asking, names_of(monitored), Timepiece())
    made.owned = owned
    return made


def take(engine, journey, target, *observations, at, **coverage):
    """Bring one look on its way as a lane does: wanted, claimed, taken."""
    coverage.setdefault("outcome", Outcome.COMPLETE)
    with writing(engine) as connection:
        frontier.want(connection, [Wanted(target, day(at), artists=(1,))], day(at))
        connection.execute(frontier_due(target, day(at)))
        claimed = frontier.claim(
            connection, target.platform, "w", day(at), day(at), timedelta(hours=1), batch={}, calls=1
        )
        (mine,) = [one for one in claimed if one == target]
        told = Told(mine, observations, Coverage(stop_reason="end", **coverage), day(at), day(at))
        return journey.take(connection, told, "w")


def frontier_due(asked, at):
    return (
        target.update()
        .where(target.c.platform == asked.platform, target.c.ask == asked.ask.value, target.c.subject == asked.subject)
        .where(target.c.section == asked.section, target.c.market == asked.market)
        .values(due_at=day(-4000), priority=0, lease_owner=None, lease_until=None)
    )


def listed(number, title, date="2019-05-03", page="d1", **more):
    return ReleaseSeen(f"r{number}", title, date=date, kind="album", listed_on=page, **more)


def full(number, title, label, registrant, date="2019-05-03", tracks=8, upc=None):
    mine = (CreditSeen("Ada Quillfeather", "d1"),)
    yield ReleaseSeen(
        f"r{number}", title, date=date, kind="album", upc=upc, lines=(LineSeen("label", label),), credits=mine,
        track_count=tracks,
    )  # fmt: skip
    for n in range(1, tracks + 1):
        yield TrackSeen(f"t{number}-{n}", f"{title} {n}", f"r{number}", position=n, duration_ms=200_000 + n,
                        isrc=f"{registrant}19{number:03}{n:02}", credits=mine)  # fmt: skip


PAGE = Target("deezer", Ask.RELEASES, "d1")
TITLES = ["Salt Hours", "Lower Garden", "The Winter Ledger", "Kindling", "Small Cartography", "Aftersun", "Tidewater"]


def seven_albums(engine, journey):
    """Seven albums on one home label stand there at the first whole look."""
    rows = [listed(n, title) for n, title in enumerate(TITLES, 1)]
    take(engine, journey, PAGE, *rows, at=0, received=len(rows))
    for n, title in enumerate(TITLES, 1):
        about = Target("deezer", Ask.RELEASE, f"r{n}")
        take(engine, journey, about, *full(n, title, HOME, "GBAYE", upc=f"50600000000{n:02}"), at=0)
    return rows


def arrive(engine, journey, with_past, number, title, label, registrant, at=30, date="2026-01-30"):
    rows = [*with_past, listed(number, title, date=date)]
    take(engine, journey, PAGE, *rows, at=at, received=len(rows))
    about = Target("deezer", Ask.RELEASE, f"r{number}")
    return take(engine, journey, about, *full(number, title, label, registrant, date=date), at=at + 0.1)


def cases_of(engine):
    with engine.connect() as connection:
        return connection.execute(select(case).order_by(case.c.id)).all()


def platforms_of(engine, case_id):
    with engine.connect() as connection:
        query = select(profile.c.platform).join(finding, finding.c.profile_id == profile.c.id)
        return set(connection.scalars(query.where(finding.c.case_id == case_id)))
