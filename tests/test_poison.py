"""Text that anybody can choose, at every place where a platform's text enters: recorded, judged, never a stop.

Every text field of everything that a platform can say is tried, one field after another: what is added to
storage/observations.py later is tried too.
"""

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crawler.journey import Journey
from crawler.suspicion.meeting import names_of
from crawler.timelapse import Timepiece
from crawler.watching.follow_up import Asking
from spiders.base.platform import platform
from storage import frontier, judging_queue, roster
from storage.database import fresh_schema, open_database, writing
from storage.facts import bindings
from storage.frontier import Wanted
from storage.models import case, rejudge
from storage.normalize import clean_text
from storage.observations import (
    AiSeen,
    Coverage,
    CreditSeen,
    IdentitySeen,
    LineSeen,
    LinkSeen,
    Outcome,
    ProfileSeen,
    ProviderSeen,
    ReleaseSeen,
    Told,
    TrackSeen,
)
from storage.targets import Ask, Target
from tests.say import day

MONITORED = {"boat": "Show Boat Ensemble (1966)", "sum": "Sum 41st & The 3", "sign": "A$AP Quill", "odd": "!?!"}
POISON = [
    clean_text(text)[0]
    for text in (
        *("Show Boat Orchestra (1962)", "Sum 41st & The 3 feat. A$AP Qui11 %ZZ &#xFFFFFFFF;", "http://[::1"),
        *("\u202e)6691( elbmesnE\x00 taoB wohS Ⅷ①🅐𝟘ß\u0301\ud800\u2028(۱۹۶۶)", ""),
    )
]
CREDIT, LINE, AI = CreditSeen("Ada", "d9", "main", " & "), LineSeen("label", "Paper"), AiSeen("vocals", "yes")
LINK = LinkSeen("https://www.deezer.com/artist/7", "free streaming")
PROFILE = ProfileSeen(
    *("d9", "Show Boat Ensemble (1966)", "https://x.example/1", "https://x.example/1.jpg", 5, 7, ("folk",), "GB"),
    *("a band", ("Boat",), "1966", "1999", (LINK,), "label", (ProviderSeen("Distro", 3),), 1),
)
RELEASE = ReleaseSeen(
    *("r1", "Show Boat Ensemble (1966)", "https://x.example/r", "album", "2026-01-30", "5060000000001"),
    *(
        "https://x.example/c.jpg",
        9,
        False,
        ("folk",),
        (LINE,),
        (CREDIT,),
        ("GB",),
        AI,
        "d1",
        "",
        "2026-01-30",
        "official",
    ),
)
TRACK = TrackSeen(
    *("t1", "Show Boat Ensemble (1966)", "r1", "live", 1, 1, 200_000, "GBAYE2600001", False, "https://x.example/t"),
    *((CREDIT,), ("GB",), AI),
)
IDENTITY = IdentitySeen("https://www.deezer.com/artist/9", "a" * 36, "Show Boat Ensemble (1966)", "free streaming")
KEPT_KEYS = {"id", "release_id", "listed_on", "artist_id"}  # ids are checked by readers, and are no text


def poisonings(said, text):
    """Yield (place, what was said with the text in one of its places), for every place that holds text."""
    for field in dataclasses.fields(said):
        value = getattr(said, field.name)
        if isinstance(value, str) and field.name not in KEPT_KEYS:
            yield field.name, dataclasses.replace(said, **{field.name: text})
        elif dataclasses.is_dataclass(value):
            for place, held in poisonings(value, text):
                yield f"{field.name}.{place}", dataclasses.replace(said, **{field.name: held})
        elif isinstance(value, tuple):
            for held in value:
                if isinstance(held, str):
                    yield f"{field.name}[]", dataclasses.replace(said, **{field.name: (text, held)})
                else:
                    for place, bad in poisonings(held, text):
                        yield f"{field.name}.{place}", dataclasses.replace(said, **{field.name: (bad, held)})


PLACES = {
    kind: [place for place, _ in poisonings(said, "")]
    for kind, said in {"profile": PROFILE, "release": RELEASE, "track": TRACK, "identity": IDENTITY}.items()
}


def poisoned(said, texts):
    """Say the same with each text at each place, under an id of its own."""
    for n, text in enumerate(texts):
        for m, (_, bad) in enumerate(poisonings(said, text)):
            yield bad if isinstance(said, IdentitySeen) else dataclasses.replace(bad, id=f"{said.id}-{n}-{m}")


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('poison') / 'store.db'}")
    fresh_schema(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def journey(engine):
    """A journey with monitored artists whose own names are poison; each has a page with a complete baseline."""
    with writing(engine) as connection:
        rows = [roster.Monitored(key, name, None, 1.0, POISON[:3], ()) for key, name in MONITORED.items()]
        ids, _ = roster.keep_artists(connection, rows, day(0))
        pages = [roster.Standing(ids["boat"], "deezer", "d1", "official", "roster", MONITORED["boat"])]
        roster.keep_standings(connection, pages, day(0))
        monitored, owned = bindings.monitored(connection), bindings.owned(connection)
    asking = Asking({name: platform(name) for name in ("deezer", "musicbrainz")}, {})
    made = Journey(asking, names_of(monitored), Timepiece())
    made.owned = owned
    past = [dataclasses.replace(RELEASE, id=f"p{n}", title=f"Song {n}") for n in range(5)]
    take(engine, made, Target("deezer", Ask.RELEASES, "d1"), past, 0)
    return made


def take(engine, journey, target, said, at):
    """Bring one look on its way as a lane does."""
    with writing(engine) as connection:
        frontier.want(connection, [Wanted(target, day(-1), 0, (1,))], day(-1))
        told = Told(claim(connection, target, at), tuple(said), coverage(said), day(at), day(at))
        journey.take(connection, told, "w")


def claim(connection, target, at):
    frontier.hasten(
        connection, list(frontier.want(connection, [Wanted(target, day(-1))], day(-1)).values()), day(-1), 0
    )
    lease = timedelta(hours=1)
    claimed = frontier.claim(connection, target.platform, "w", day(at), day(at), lease, batch={target.ask: 500})
    frontier.let_go(connection, [one for one in claimed if one != target])
    (mine,) = [one for one in claimed if one == target]
    return mine


def coverage(said):
    return Coverage(Outcome.COMPLETE, received=len(said), stop_reason="end")


def looks(kind):
    """Yield (target, what is said) in every question whose answer can hold it."""
    match kind:
        case "profile":
            hits = list(poisoned(PROFILE, POISON))
            yield Target("deezer", Ask.SEARCH, "Show Boat Ensemble (1966)"), hits
            for hit in hits[: len(PLACES[kind])]:
                yield Target("deezer", Ask.PROFILE, hit.id), [hit]
        case "release":
            rows = list(poisoned(RELEASE, POISON))
            yield Target("deezer", Ask.RELEASES, "d1"), rows
            for row in rows[: len(PLACES[kind])]:
                yield Target("deezer", Ask.RELEASE, row.id), [dataclasses.replace(row, listed_on=None)]
        case "track":
            whole = dataclasses.replace(RELEASE, id="w", listed_on=None)
            tracks = [dataclasses.replace(one, release_id="w") for one in poisoned(TRACK, POISON)]
            yield Target("deezer", Ask.RELEASE, "w"), [whole, *tracks]
        case "identity":
            for identity in poisoned(IDENTITY, POISON):
                yield Target("musicbrainz", Ask.IDENTITY, "https://www.deezer.com/artist/9"), [identity]


@pytest.mark.parametrize("kind", PLACES)
def test_no_text_at_any_place_keeps_a_look_from_being_recorded_and_judged(engine, journey, kind):
    for at, (target, said) in enumerate(looks(kind), 30):
        take(engine, journey, target, said, at)
        assert journey.unjudged == 0, error_of(engine)


def error_of(engine):
    with engine.connect() as connection:
        return connection.scalar(select(rejudge.c.error).where(rejudge.c.error.is_not(None)))


def test_every_place_is_tried():
    assert {"name", "aliases[]", "links.url", "links.type_id", "providers.name", "disambiguation"} <= set(
        PLACES["profile"]
    )
    assert {"title", "credits.name", "credits.join", "lines.text", "lines.kind", "ai.value"} <= set(PLACES["release"])
    assert {"title", "version", "credits.name", "isrc"} <= set(PLACES["track"])


def test_what_they_left_is_judged_again_whole(engine, journey):
    with writing(engine) as connection:
        artists = list(range(1, len(MONITORED) + 1))
        judging_queue.want(connection, artists, "to be judged again", day(90))
        judging_queue.want_census(connection, artists, day(90))
    while True:
        with writing(engine) as connection:
            if not journey.catch_up(connection):
                break
    with engine.connect() as connection:
        assert journey.unjudged == judging_queue.unjudged(connection) == 0
        assert connection.scalar(select(func.count()).select_from(case)) > 0
