"""Whose page it is: shared releases decide, namesakes' traps hold, and a person's word goes before all."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, select

import sandbox
from crawler.roster import importing
from crawler.roster.evidence import accepted, weigh
from crawler.roster.file import read_roster
from crawler.roster.resolve import by_evidence, from_links, propose
from storage import frontier
from storage.database import writing
from storage.facts.discography import Own, gaps
from storage.frontier import Wanted
from storage.models import case, listing, profile, profile_link, release, standing, target, track, verdict
from storage.normalize import name_key, title_key
from storage.targets import Ask, Target
from tests.commands import falsetto
from tests.opened import page_case

NOW = datetime(2026, 3, 2, tzinfo=UTC)
MBID = "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9"


def own(title, gtin=None, isrcs=(), day=None, platform="deezer"):
    return Own(platform, title, title, title_key(title), gtin, day, frozenset(isrcs))


def dated(number, start=1):
    return [own(f"Song of {n}", day=date(2020, 1, n)) for n in range(start, start + number)]


KNOWN = [
    own("First Light", "1", {"A1", "A2"}, date(2020, 1, 3)),
    own("Second Sight", "2", {"A3"}, date(2021, 1, 3)),
    own("Home", None, (), date(2022, 1, 3)),
    own("Third Rail", "4", {"A4"}, date(2023, 1, 3)),
]


def chosen(*pages, least=12.0, known=KNOWN, common=()):
    return accepted([(str(n), weigh(page, known, common)) for n, page in enumerate(pages)], least)


def test_shared_barcodes_and_recordings_make_a_page_the_artist_s():
    assert chosen([own("First Light", "1"), own("Second Sight", "2")]) == "0"
    assert chosen([own("First Light", None, {"A1", "A2"}), own("Third Rail", None, {"A4"})]) == "0"


def test_most_titles_with_their_days_do_as_well_a_store_s_suffix_off():
    page = [own("First Light - Single", day=date(2020, 1, 3)), *(own(k.title, day=k.day) for k in KNOWN[1:])]
    assert weigh(page, KNOWN).most
    assert chosen(page, least=8) == "0"
    assert chosen(dated(8), known=dated(10)) == "0"


@pytest.mark.parametrize(
    "page",
    [
        [],
        [own("Home"), own("Intro")],  # a namesake with titles of everybody
        [own(k.title) for k in KNOWN],  # an imitator copies titles
        [own(k.title, day=date(2026, 3, 1)) for k in KNOWN],  # and gives them days of its own
        [own("First Light", "1"), own("Second Sight", "2"), *dated(8)],  # two misfiled releases on a namesake's page
        [own("Home", day=date(2022, 1, 3))],  # one title on one day: chance
        [own("Home", day=date(2022, 1, 3)), *dated(4)],
    ],
)
def test_a_namesake_s_page_stays_a_namesake_s(page):
    assert chosen(page) is None


def test_titles_and_days_must_be_most_of_both_pages():
    assert chosen(dated(4), known=dated(20), least=1) is None
    assert chosen([*dated(4), *(own(f"Other {n}") for n in range(4))], known=dated(4), least=1) is None


def test_titles_of_many_say_little():
    page = [own(k.title, day=k.day) for k in KNOWN]
    assert chosen(page, least=8) == "0"
    assert chosen(page, least=8, common={key for k in KNOWN for key in [k.title_key]}) is None


def test_two_pages_that_both_seem_to_be_the_artist_s_are_left_to_a_person():
    one, other = [own("First Light", "1"), own("Second Sight", "2")], [own("Third Rail", "4"), own("First Light", "1")]
    assert chosen(one, other) is None
    assert chosen(one, [own("Third Rail", day=date(2023, 1, 3))]) == "0"


def test_the_operator_sets_the_strength():
    page = [own("First Light", "1")]
    assert chosen(page) is None
    assert chosen(page, least=10) == "0"


def test_the_evidence_is_a_sentence_that_quotes_codes():
    said = weigh([own("First Light", "1"), own("Strange")], KNOWN).sentence(["spotify x"])
    assert said == "shares 1 barcodes (1) of 2 releases with spotify x; 1 are strange to it; 8.5 bits"


@pytest.fixture
def store(engine, tmp_path):
    """Ada with a known page on Deezer, seen whole, and same-name pages on iTunes."""
    (tmp_path / "roster.csv").write_text(f"name,mbid,deezer\nAda Quill,{MBID},1\nBo Lund,,2\n")
    with writing(engine) as connection:
        importing.keep(connection, read_roster(tmp_path / "roster.csv"), NOW)
        page(connection, "deezer", "1", KNOWN)
        seen_whole(connection, "deezer", "1")
    return engine


def seen_whole(connection, platform, profile_id):
    frontier.want(connection, [Wanted(Target(platform, Ask.RELEASES, profile_id, "albums"), NOW)], NOW)
    connection.execute(target.update().where(target.c.subject == profile_id).values(last_complete_at=NOW))


def page(connection, platform, profile_id, releases, name="Ada Quill"):
    seen = {"first_seen_at": NOW, "last_seen_at": NOW}
    row = connection.scalar(
        select(profile.c.id).where(profile.c.platform == platform, profile.c.platform_id == profile_id)
    )
    if row is None:
        values = {"platform": platform, "platform_id": profile_id, "name": name, "name_key": name_key(name)}
        row = connection.execute(insert(profile).values(**values, **seen).returning(profile.c.id)).scalar_one()
    for number, one in enumerate(releases):
        ids = {"platform": platform, "platform_id": f"{profile_id}-{number}"}
        values = {"title": one.title, "title_key": one.title_key, "gtin14": one.gtin14, "date": one.day}
        made = connection.execute(
            insert(release).values(**ids, **values, date_precision="day", **seen).returning(release.c.id)
        ).scalar_one()
        connection.execute(insert(listing).values(profile_id=row, release_id=made, section="albums", new=False, **seen))
        for isrc in one.isrcs:
            song = {"platform": platform, "platform_id": f"{profile_id}-{isrc}", "title": "t", "title_key": "t"}
            connection.execute(insert(track).values(release_id=made, isrc=isrc, **song, **seen))
    return row


def standings(engine):
    with engine.connect() as connection:
        rows = connection.execute(
            select(profile.c.platform_id, standing.c.standing, standing.c.authority, standing.c.reason)
            .join(profile, profile.c.id == standing.c.profile_id)
            .where(profile.c.platform == "itunes")
        )
        return {row.platform_id: tuple(row[1:]) for row in rows}


def test_a_proposed_page_becomes_official_by_evidence_which_is_kept(store):
    with writing(store) as connection:
        page(connection, "itunes", "71", KNOWN[:2])
        page(connection, "itunes", "72", [own("Home"), own("Else")])
        propose(connection, NOW)
        by_evidence(connection, NOW)
    found = standings(store)
    assert found["71"][:2] == ("official", "evidence")
    assert found["71"][2].startswith("shares 2 barcodes (1, 2) of 2 releases with deezer 1")
    assert found["72"][:2] == ("proposed", "evidence")
    assert "1 are strange" in found["72"][2]


def test_a_known_page_that_was_never_seen_whole_decides_nothing(store):
    with writing(store) as connection:
        connection.execute(target.update().values(last_complete_at=None))
        page(connection, "itunes", "71", KNOWN[:2])
        propose(connection, NOW)
        by_evidence(connection, NOW)
    assert standings(store)["71"][:2] == ("proposed", "search")


def test_beside_a_linked_second_page_the_main_one_is_found(store):
    with writing(store) as connection:
        page(connection, "itunes", "71", KNOWN)
        page(connection, "itunes", "80", [own("Strange")], name="エイダ")
        link(connection, "https://music.apple.com/us/artist/80")
        from_links(connection, NOW)
        propose(connection, NOW)
        by_evidence(connection, NOW)
    found = standings(store)
    assert found["80"][:2] == ("official", "musicbrainz")
    assert found["71"][:2] == ("official", "evidence")


def link(connection, url):
    about = connection.scalar(select(profile.c.id).where(profile.c.platform == "musicbrainz"))
    values = {"profile_id": about, "url": url, "type_id": "t", "ended": False}
    connection.execute(insert(profile_link).values(**values, first_seen_at=NOW, last_seen_at=NOW))


def test_a_reference_s_link_to_somebody_else_s_page_is_only_proposed(store):
    with writing(store) as connection:
        link(connection, "https://www.deezer.com/artist/2")
        from_links(connection, NOW)
        rows = connection.execute(
            select(standing.c.standing, standing.c.reason).where(standing.c.authority == "musicbrainz")
        )
        ((word, reason),) = [tuple(row) for row in rows]
    assert word == "proposed"
    assert reason.endswith("but it is official for Bo Lund")


def test_a_reference_does_not_bring_back_what_the_roster_took_back(store, tmp_path):
    (tmp_path / "roster.csv").write_text(f"name,mbid,deezer\nAda Quill,{MBID},3\n")
    with writing(store) as connection:
        importing.keep(connection, read_roster(tmp_path / "roster.csv"), NOW)
        link(connection, "https://www.deezer.com/artist/1")
        from_links(connection, NOW)
        row = connection.execute(select(standing).where(standing.c.authority == "musicbrainz")).one()
    assert row.standing == "proposed"
    assert row.reason.endswith("but the roster has taken it back")


def test_gaps_name_what_is_missing_and_what_is_proposed(store):
    with writing(store) as connection:
        page(connection, "itunes", "71", KNOWN[:2])
        propose(connection, NOW)
        found = {
            (gap.artist, gap.platform): [p["id"] for p in gap.proposed]
            for gap in gaps(connection, ["deezer", "itunes"])
        }
    assert found == {("Ada Quill", "itunes"): ["71"], ("Bo Lund", "itunes"): []}


def test_a_person_confirms_and_rejects_and_the_case_about_it_is_decided(tmp_path):
    (tmp_path / "roster.csv").write_text("name,deezer\nAda Quill,1\nBo Lund,2\n")

    def run(*words):
        return falsetto("roster", *words, folder=tmp_path)

    run("import", "roster.csv")
    from storage.database import open_database

    engine = open_database(f"sqlite:///{tmp_path / 'falsetto.db'}")
    with writing(engine) as connection:
        stranger = page(connection, "deezer", "9", [])
        ada = connection.scalar(select(standing.c.artist_id))
        page_case(connection, ada, stranger, NOW)
    done = run("confirm", "Ada Quill", "https://www.deezer.com/de/artist/9", "spotify:" + "4" * 22, "--by", "ana")
    assert done.stdout == "'Ada Quill': deezer 9, spotify 4444444444444444444444: the artist's (2 changed)\n", (
        done.stderr
    )
    with engine.connect() as connection:
        assert connection.scalar(select(case.c.status)) == "cleared"
        assert connection.scalar(select(verdict.c.decision)) == "legitimate"
    done = run("confirm", "Bo Lund", "deezer:9", "--by", "ana")
    assert done.returncode == 2
    assert "deezer profile 9 is official for 'Ada Quill' (by analyst)" in done.stderr
    assert run("confirm", "Bo Lund", "deezer:9", "--by", "ana", "--joint").returncode == 0
    assert "somebody else's (1 changed)" in run("reject", "Bo Lund", "deezer:9", "--by", "ana").stdout
    assert "2 pages of monitored artists are not known" in run("gaps", "--platform", "itunes").stdout
    rows = map(json.loads, run("gaps", "--json", "--platform", "spotify").stdout.splitlines())
    assert [row["artist"] for row in rows] == ["Bo Lund"]
    engine.dispose()


@pytest.mark.timeout(290)
def test_in_a_world_with_attacks_only_the_artists_own_pages_are_accepted(tmp_path):
    with sandbox.running(seed=5, scale=0.2, lapse=3600, capability="extended") as world:
        world.advance(world.now() + timedelta(days=21))
        out = io.StringIO()
        writer = csv.DictWriter(out, ["name", "aliases", "spotify"], extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(csv.DictReader(io.StringIO(world.roster_csv())))
        (tmp_path / "roster.csv").write_text(out.getvalue())
        settings = {f"{name}_base_url": url for name, url in world.base_urls().items()}
        settings |= {
            "platforms": "deezer,spotify",
            "contact": "a@b.example",
            "spotify_client_id": "i",
            "spotify_client_secret": "s",
            "spotify_capability": "extended",
            "time_lapse": 3600,
        }
        falsetto("roster", "import", "roster.csv", folder=tmp_path, **settings)
        done = falsetto("roster", "resolve", "--json", folder=tmp_path, **settings)
        assert done.returncode == 0, done.stderr
        truth = {(p, i): artist["name"] for artist in world.truth()["monitored"] for p, i in artist["profiles"].items()}
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    official = {(row["platform"], row["id"]): row["artist"] for row in rows if row["standing"] == "official"}
    assert len(official) >= 3
    assert official.items() <= truth.items()
