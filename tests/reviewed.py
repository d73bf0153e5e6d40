"""A store to review: artists with pages, ordinary releases, cases of every kind, and names that mean harm."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select

from crawler.feed import candidates
from crawler.suspicion.score import posterior
from storage import campaigns, cases, keys, outbox, roster
from storage.cases import Bound, Judged
from storage.database import writing
from storage.models import campaign, case, profile, release, target, watch
from storage.observations import CreditSeen, LineSeen, ProfileSeen
from storage.targets import Ask, Target
from tests.say import full_release, page_of, say, told
from tests.say import release as seen

NOW = datetime(2026, 3, 8, 8, tzinfo=UTC)
HOSTILE = "\"><script>window.ran=1</script><img src=x onerror='window.ran=1'>"
HOSTILE_TITLES = (
    HOSTILE,
    "{{ 7*7 }}${7*7}</title></textarea></script><svg/onload=window.ran=1>",
    "javascript:window.ran=1//\u202egnp.exe\u200b\x07\x1b[31m",
    "=cmd|' /C calc'!A0",
    "x' hx-get='/console/overview' hx-trigger='load",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 " + "Z\u0351\u036b\u0343" * 200,
    "\u200f\u05d0\u05d1\u05d2 \u0627\u0644\u0645\u0648\u0633\u064a\u0642\u0649",
    "W" * 3000,
)
LOOK_ALIKE = "\u0410da Quill"  # CYRILLIC CAPITAL LETTER A

PRIOR = {"signal": "prior", "reason": "What such an event is worth.", "state": "fired", "because": "arrival"}
PARTS = (
    {"signal": "who_delivered", "reason": "Who delivered it.", "state": "fired", "because": "Gables Records"},
    {
        "signal": "strange_length",
        "reason": "How long its tracks are.",
        "state": "fired",
        "because": "93 s beside 214 s",
    },
)
QUIET = {"signal": "burst", "reason": "Many at once.", "state": "quiet", "bits": 0.0, "because": ""}
BLIND = {"signal": "no_past", "reason": "No past.", "state": "blind", "bits": 0.0, "because": "not told: isrc"}


def evidence(*bits, because="Gables Records"):
    """Signals whose bits are these, and one that is blind."""
    parts = [PRIOR | {"bits": -7.0}]
    parts += [one | {"bits": b} for one, b in zip(PARTS, bits, strict=False)]
    parts[1] |= {"because": because}
    return (*parts, QUIET, BLIND | {"low": -1.0, "high": 2.0})


def event(artist_id, group_id, title, *bindings, bits=(5.0, 1.5), kind="release", attack="A", **more):
    """A judged event whose score is the sum of its parts."""
    told_ = more.pop("signals", None) or evidence(*bits)
    total = round(sum(one["bits"] for one in told_), 3)
    shown = {
        "origin": "news",
        "status": "open",
        "loud": total > -1,
        "rule_version": "test-1",
        "meaning": f"m{group_id}",
        "score_low": posterior(total - 1),
        "score": posterior(total),
        "score_high": posterior(total + 2),
    }
    return Judged(
        kind=kind,
        artist_id=artist_id,
        group_id=group_id,
        attack=attack,
        bits=total,
        evidence=told_,
        title=title,
        bindings=tuple(bindings),
        **(shown | more),
    )


def fill(engine, ordinary=30):
    """Fill an empty store; return the keys by the name of who holds them."""
    _catalogue(engine)
    with writing(engine) as connection:
        people = [
            roster.Monitored(key, name, None, 1.0, (), ())
            for key, name in (("a", "Ada Quill"), ("b", "Bo Marsh"), ("h", HOSTILE))
        ]
        ids, _ = roster.keep_artists(connection, people, NOW - timedelta(days=9))
        pages = [
            roster.Standing(ids[key], "deezer", page, "official", "roster", name)
            for key, page, name in (("a", "p1", "Ada Quill"), ("b", "p2", "Bo Marsh"), ("h", "p4", HOSTILE))
        ]
        roster.keep_standings(connection, pages, NOW - timedelta(days=9))
        profiles = dict(connection.execute(select(profile.c.platform_id, profile.c.id)).all())
        releases = dict(connection.execute(select(release.c.platform_id, release.c.id)).all())
        for row in connection.execute(select(target.c.id, target.c.subject)).all():
            if row.subject == "p1":
                connection.execute(insert(watch).values(target_id=row.id, artist_id=ids["a"]))

        def bound(page, number=None, role="listed"):
            at = NOW - timedelta(days=2)
            return Bound(profiles[page], None if number is None else releases[number], role, at)

        judged = [
            event(ids["a"], 1, "Orphan Hymns", bound("p1", "r90"), bits=(9.0, 1.5)),
            event(ids["a"], 2, LOOK_ALIKE, bound("p3", role="page"), kind="profile", attack="C", bits=(8.0, 0.7)),
            event(ids["b"], 3, "Marsh Lights", bound("p2", "r91"), bits=(7.0, 0.5)),
        ]
        judged += [
            event(ids["b"], 100 + n, f"Ordinary {n:02}", bound("p2", "r91"), bits=(4.0, n / 50), attack="E")
            for n in range(ordinary)
        ]
        judged += [
            event(
                ids["h"], 200 + n, title, bound("p4", "r92"), bits=(2.0, 0.1), signals=evidence(2.0, 0.1, because=title)
            )
            for n, title in enumerate(HOSTILE_TITLES)
        ]
        for one in judged:  # one by one, so that they are numbered in this order
            candidates.tell(connection, cases.keep(connection, [one], NOW - timedelta(days=2)), NOW)
        tied = ["line: gables (9)", f"line: {HOSTILE} (2)"]
        campaigns.join(connection, [1, 3, 5], "gables records", tied, NOW)
        given = {
            name: keys.create(connection, name, role, NOW)
            for name, role in (("ana", "decide"), ("ben", "decide"), ("eve", "read"))
        }
    with writing(engine) as connection:
        outbox.sequence(connection)
    return given


def _catalogue(engine):
    lines = (LineSeen("label", "Quill House"), LineSeen("p", "2020 Quill House"))
    strange = (LineSeen("label", "Gables Records"), LineSeen("p", "2026 Gables Records"))
    for page, name in (("p1", "Ada Quill"), ("p2", "Bo Marsh"), ("p3", LOOK_ALIKE), ("p4", HOSTILE)):
        say(
            engine,
            told(
                Target("deezer", Ask.PROFILE, page), ProfileSeen(page, name, followers=10), at=NOW - timedelta(days=8)
            ),
        )
    own = [seen(n, "p1", title=f"Song {n}", date=f"2020-0{n}-01", lines=lines, upc="4006381333931") for n in (1, 2, 3)]
    say(engine, told(page_of("p1"), *own, at=NOW - timedelta(days=8), received=3))
    late = [
        seen(90, "p1", title="Orphan Hymns", date="2009-05-01", lines=strange, cover_url="https://img.example/c.jpg")
    ]
    say(engine, told(page_of("p1"), *own, *late, at=NOW - timedelta(days=2), received=4))
    say(engine, full_release(90, at=NOW - timedelta(days=2), title="Orphan Hymns", date="2009-05-01", lines=strange))
    for number, page, title in ((91, "p2", "Marsh Lights"), (92, "p4", HOSTILE)):
        credits = (CreditSeen(title, page),)
        say(engine, told(page_of(page), at=NOW - timedelta(days=8), received=0))
        row = seen(
            number, page, title=title, lines=(LineSeen("label", title),), credits=credits, url="https://p.example/1"
        )
        say(engine, told(page_of(page), row, at=NOW - timedelta(days=2), received=1))


def count(engine, table):
    """Count a table's rows."""
    with engine.connect() as connection:
        return len(connection.execute(select(table)).all())


def status(engine, number):
    """Read a case's status."""
    with engine.connect() as connection:
        return connection.scalar(select(case.c.status).where(case.c.id == number))


__all__ = ["HOSTILE", "HOSTILE_TITLES", "LOOK_ALIKE", "NOW", "campaign", "count", "event", "evidence", "fill", "status"]
