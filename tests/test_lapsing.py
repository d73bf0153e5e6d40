"""What a platform's terms let nobody keep for more than a month: asked anew in time, or gone; our own facts stay."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from crawler.feed import candidates
from crawler.feed.document import Candidate
from storage import cases, deliveries, endpoints, lapsing, outbox, roster
from storage.database import writing
from storage.models import (
    ai_disclosure,
    change,
    credit,
    delivery,
    listing,
    profile,
    release,
    release_line,
    target,
    track,
)
from storage.observations import AiSeen, CreditSeen, LineSeen, OddRow, ProfileSeen, ReleaseSeen, TrackSeen
from storage.targets import Ask, Target
from tests.say import day, rows, say, told
from tests.test_retention import retain

TERMS = {"terms": {"youtube": timedelta(days=30)}}
NAMES = ("questions anew", "rows of lapsed terms")
CHANNEL = Target("youtube", Ask.RELEASES, "UCa")


def video(number, title=None):
    return ReleaseSeen(
        f"v{number}",
        title or f"Song {number}",
        date="2024-08-16",
        cover_url="https://cdn.example/x",
        lines=(LineSeen("p", "℗ 2024 Quill Records"),),
        credits=(CreditSeen("Nova Quill", "UCa"),),
        added="2024-08-16T07:00:00Z",
        ai=AiSeen("containsSyntheticMedia", "no"),
        listed_on="UCa",
    )


def track_of(number):
    return TrackSeen(f"v{number}", f"Song {number}", f"v{number}", duration_ms=200_000, credits=(CreditSeen("Ida"),))


def listed(*numbers, at):
    page = ProfileSeen("UCa", "Nova Quill", followers=7, image_url="https://cdn.example/a")
    return told(CHANNEL, page, *(video(n) for n in numbers), *(track_of(n) for n in numbers), at=at)


def texts(engine):
    """Return everything that stands in the store in YouTube's words, with when it was last said."""
    found = []
    for table in (release, profile, track, release_line, credit, ai_disclosure):
        for row in rows(engine, table):
            said = row._asdict()
            words = [v for k, v in said.items() if v and (k in ("title", "name", "text", "value", "date_raw", "url"))]
            found += [(said["last_seen_at"], word) for word in words]
    return found


def test_over_a_month_nothing_stands_that_was_not_said_within_its_days(engine):
    say(engine, listed(1, 2, at=0))
    asked = Target("youtube", Ask.RELEASE, "v1")
    for number in range(1, 65):
        if number in (20, 45):
            say(engine, told(asked, video(1), track_of(1), at=number))
        retain(engine, day(number) + timedelta(hours=1), *NAMES, **TERMS)
        old = [word for at, word in texts(engine) if at < day(number) + timedelta(hours=1) - timedelta(days=30)]
        assert old == [], number
        titles = {row.platform_id: row.title for row in rows(engine, release)}
        assert titles == {"v1": "Song 1", "v2": "Song 2" if number < 30 else ""}, number
    assert {row.platform_id for row in rows(engine, track)} == {"v1"}
    assert len(rows(engine, listing)) == 2  # that they stood there is ours
    gone = next(row for row in rows(engine, release) if row.platform_id == "v2")
    assert (gone.cover_url, gone.date, gone.added_raw) == (None, None, None)
    say(engine, listed(1, 2, at=65))
    assert {row.title for row in rows(engine, release)} == {"Song 1", "Song 2"}


def test_a_track_goes_after_the_last_of_its_credits_however_small_the_pieces(engine, monkeypatch):
    monkeypatch.setattr(lapsing, "ROWS", 1)
    credits = tuple(CreditSeen(name, role="composer") for name in ("Ida", "Bo", "Ana"))
    song = replace(track_of(1), credits=credits, ai=AiSeen("containsSyntheticMedia", "yes"))
    say(engine, told(CHANNEL, video(1), song, at=0))
    assert rows(engine, credit)
    retain(engine, day(40), *NAMES, **TERMS)
    assert (rows(engine, track), rows(engine, credit), rows(engine, ai_disclosure)) == ([], [], [])


def test_what_will_be_over_soon_is_asked_anew_five_days_before(engine):
    say(engine, listed(1, at=0))

    def due():
        with engine.connect() as connection:
            query = select(target.c.ask, target.c.subject).where(
                target.c.due_at.is_not(None), target.c.ask != "releases"
            )
            return {tuple(row) for row in connection.execute(query) if row.ask != "releases"}

    retain(engine, day(24), *NAMES, **TERMS)
    assert due() == set()
    retain(engine, day(26), *NAMES, **TERMS)
    assert due() == {("release", "v1"), ("profile", "UCa")}


def test_changes_and_odd_rows_that_quote_it_go_and_our_own_words_stay(engine):
    say(engine, listed(1, at=0))
    say(engine, told(CHANNEL, video(1, "Another title"), OddRow("video 2", "no id", '{"x":1}'), at=1))
    say(engine, listed(1, 3, at=2))
    assert {row.field for row in rows(engine, change)} >= {"title", "appeared"}
    retain(engine, day(40), *NAMES, **TERMS)
    assert {row.field for row in rows(engine, change)} <= {"appeared", "missing", "removed", "held"}


def test_platforms_without_such_terms_keep_everything(engine):
    say(engine, listed(1, at=0))
    assert retain(engine, day(4000), *NAMES, terms={"apple": timedelta(days=1)}) == {}
    assert len(texts(engine)) > 5


PAPERS = ("documents of lapsed terms", "messages of lapsed terms")


def quoting(connection, at, title="A song of theirs"):
    """Put a case of one YouTube release into the store, told and pushed; return its document."""
    ids, _ = roster.keep_artists(connection, [roster.Monitored("k", "Nova Quill", None, 1.0, (), ())], at)
    page = roster.Standing(ids["k"], "youtube", "UCa", "official", "roster", "Nova Quill Official")
    roster.keep_standings(connection, [page], at)
    release_id = connection.scalar(select(release.c.id).where(release.c.platform_id == "v1"))
    page_id = connection.scalar(select(profile.c.id).where(profile.c.platform_id == "UCa"))
    signal = {
        "signal": "strange_label",
        "reason": "Why.",
        "state": "fired",
        "bits": 4.5,
        "because": f"printed: {title}",
    }
    event = cases.Judged(
        **{
            "kind": "release",
            "artist_id": ids["k"],
            "group_id": 1,
            "attack": "hijack",
            "origin": "news",
            "status": "open",
        },
        **{"loud": True, "score_low": 0.5, "score": 0.6, "score_high": 0.8, "bits": 4.5, "rule_version": "test"},
        **{"evidence": (signal,), "title": title, "meaning": "first"},
        bindings=(cases.Bound(page_id, release_id, "listed", at),),
    )
    candidates.tell(connection, cases.keep(connection, [event], at), at)
    outbox.sequence(connection)
    endpoints.add(connection, "e", "https://e.example/", {}, "", 0, at)
    ((position, text),) = outbox.since(connection, 0)
    for number, body in enumerate((text, text.replace('"findings":[{', '"findings":[{"platform":"youtube",'))):
        said = f'{{"type":"candidate.opened","timestamp":"{at.isoformat()}","data":{body}}}'
        deliveries.queue(connection, 1, [deliveries.Queued(position + number, 1, f"m{number}", said)], at)
    return text


def test_what_the_feed_and_its_messages_quote_goes_when_its_time_is_over_and_our_own_facts_stay(engine):
    say(engine, told(CHANNEL, ProfileSeen("UCa", "Nova Quill Official"), video(1, "A song of theirs"), at=0))
    with writing(engine) as connection:
        before = quoting(connection, day(20))  # told on the twentieth day, in words of the first
    assert "A song of theirs" in before
    assert retain(engine, day(29), *PAPERS, **TERMS) == {}
    assert retain(engine, day(31), *PAPERS, **TERMS) == {PAPERS[0]: 1, PAPERS[1]: 2}
    with engine.connect() as connection:
        ((cursor, text),) = outbox.since(connection, 0)
        bodies = list(connection.scalars(select(delivery.c.body)))
    for one in (text, *bodies):
        for word in ("A song of theirs", "Nova Quill Official", "Quill Records", "cdn.example"):
            assert word not in one
    document = Candidate.model_validate_json(text)
    assert (cursor, document.lapsed, document.case_id, document.bits) == (1, ["youtube"], 1, 4.5)
    assert (document.findings[0].release.id, document.findings[0].profile.id) == ("v1", "UCa")
    assert document.statement == "unconfirmed: what was seen may no longer be quoted (youtube)"
    assert retain(engine, day(40), *PAPERS, **TERMS) == {}  # once is enough


def test_what_was_heard_anew_in_time_is_quoted_for_as_long_again(engine):
    say(engine, told(CHANNEL, ProfileSeen("UCa", "Nova Quill Official"), video(1), at=0))
    say(engine, told(CHANNEL, ProfileSeen("UCa", "Nova Quill Official"), video(1), at=19))
    with writing(engine) as connection:
        quoting(connection, day(20))
    assert retain(engine, day(48), *PAPERS, **TERMS) == {}
    assert retain(engine, day(50), *PAPERS, **TERMS) == {PAPERS[0]: 1, PAPERS[1]: 2}
