"""The roster file: taken whole or not at all, and importing it twice changes nothing."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from crawler.roster import importing
from crawler.roster.file import BadRoster, read_roster
from storage import roster
from storage.database import writing
from storage.facts import reports
from storage.models import artist, artist_alias, artist_tag, claim, profile, standing
from storage.roster import Standing

NOW = datetime(2026, 3, 2, tzinfo=UTC)
HEADER = "name,aliases,mbid,labels,isrc_prefixes,spotify,deezer"
MBID = "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9"
GOOD = f"""{HEADER}
Ada Quill,Quill|A. Quill,{MBID},Ninth Room,QZ9NR,0000000000000000000001|0000000000000000000002,4711
Ōmura Den,大村伝,,,,,
"""


@pytest.fixture
def file(tmp_path):
    def write(text, name="roster.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_a_csv_is_read_with_several_values_in_a_cell(file):
    ada, den = read_roster(file(GOOD))
    assert ada.aliases == ("Quill", "A. Quill")
    assert ada.profiles["spotify"] == ("0000000000000000000001", "0000000000000000000002")
    assert ada.profiles["musicbrainz"] == (MBID,)
    assert den.aliases == ("大村伝",)
    assert den.mbid is None


def test_json_reads_as_csv_does(file):
    rows = [{"name": "Ada Quill", "aliases": ["Quill", "A. Quill"], "mbid": MBID, "deezer": 4711}]
    (ada,) = read_roster(file(json.dumps(rows), "roster.json"))
    assert (ada.name, ada.aliases, ada.profiles["deezer"]) == ("Ada Quill", ("Quill", "A. Quill"), ("4711",))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"name,deezer\nDvo\xf8\xe1k,1\n", "roster.csv:2: not UTF-8"),
        ("name,napster\nA,1\n", "unknown column 'napster'"),
        ("artist\nA\n", "the column 'name' is missing"),
        ("name,deezer\nA,12,13\n", "line 2: 3 cells under 2 columns"),
        ("name,deezer\nA,abc\n", "line 2: deezer: not a profile id: 'abc'"),
        ("name,mbid\nA,123\n", "line 2: mbid: not a MusicBrainz id"),
        ("name,isrc_prefixes\nA,nope!\n", "line 2: isrc_prefixes"),
        ("name\nA\nA\n", "line 3: the artist 'A' is in the file twice"),
        ("name,deezer\nA,1\nB,1\n", "line 3: deezer profile 1 is also given to 'A'"),
        ("name,deezer\n,1\n", "line 2: name: empty"),
        ("name,weight\nA,nan\n", "line 2: weight"),
        ("name\n\x00A\n", "line 2: name: control characters"),
        ("", "the column 'name' is missing"),
        ("name\n", "no artist in the file"),
        ('name\n"A\n', "not readable as CSV"),
    ],
)
def test_a_bad_file_is_named_with_line_and_reason(file, text, says):
    with pytest.raises(BadRoster) as caught:
        read_roster(file(text))
    assert says in str(caught.value)


@pytest.mark.parametrize("text", ["{", "[1]", '[{"name": "A", "napster": 1}]', "[" * 100_000])
def test_bad_json_is_one_clear_line(file, text):
    with pytest.raises(BadRoster) as caught:
        read_roster(file(text, "roster.json"))
    assert len(caught.value.faults) == 1
    assert "\n" not in str(caught.value)


def test_every_bad_row_is_named_at_once(file):
    with pytest.raises(BadRoster) as caught:
        read_roster(file("name,deezer\nA,x\nB,2\nC,y\n"))
    assert [fault.split(": ")[0] for fault in caught.value.faults] == ["roster.csv:line 2", "roster.csv:line 4"]


def test_importing_twice_changes_nothing(file, engine):
    rows = read_roster(file(GOOD))
    with writing(engine) as connection:
        first = importing.keep(connection, rows, NOW)
    with engine.connect() as connection:
        before = _everything(connection)
    with writing(engine) as connection:
        again = importing.keep(connection, rows, datetime(2026, 4, 1, tzinfo=UTC))
    with engine.connect() as connection:
        assert _everything(connection) == before
    assert (first.added, again.added, again.changed, again.profiles) == (2, 0, 0, 0)
    assert first.profiles == 4


def test_a_changed_name_keeps_the_artist(file, engine):
    with writing(engine) as connection:
        importing.keep(connection, read_roster(file(GOOD)), NOW)
    with writing(engine) as connection:
        done = importing.keep(connection, read_roster(file(GOOD.replace("Ada Quill", "ADA QUILL"))), NOW)
        assert (done.added, done.changed) == (0, 1)
        assert connection.scalar(select(func.count()).select_from(artist)) == 2


def test_a_weaker_authority_never_overrules_a_stronger_one(engine):
    with writing(engine) as connection:
        ids, _ = roster.keep_artists(connection, [roster.Monitored("k", "Ada Quill", None, 1.0, (), ())], NOW)
        mine = Standing(ids["k"], "deezer", "1", "official", "roster", "Ada Quill")
        assert roster.keep_standings(connection, [mine], NOW) == 1
        search = Standing(ids["k"], "deezer", "1", "proposed", "search", "Ada Quill")
        assert roster.keep_standings(connection, [search], NOW) == 0
        analyst = Standing(ids["k"], "deezer", "1", "suspected", "analyst", "Ada Quill")
        assert roster.keep_standings(connection, [analyst], NOW) == 1
        assert connection.scalar(select(standing.c.standing)) == "suspected"


def test_the_roster_is_listed_with_profiles_and_whose_word_they_rest_on(file, engine):
    with writing(engine) as connection:
        importing.keep(connection, read_roster(file(GOOD)), NOW)
        rows = {row["name"]: row for row in reports.roster(connection)}
    assert rows["Ada Quill"]["aliases"] == ["Quill", "A. Quill"]
    assert {page["authority"] for page in rows["Ada Quill"]["profiles"]} == {"roster"}
    assert rows["Ōmura Den"]["profiles"] == []


def _everything(connection):
    return {
        table.name: sorted(map(repr, connection.execute(select(table))))
        for table in (artist, artist_alias, claim, profile, standing)
    }


def test_tags_are_replaced_by_a_cell_that_says_something_and_left_by_an_empty_one(file, engine):
    def tags(text, **more):
        with writing(engine) as connection:
            importing.keep(connection, read_roster(file(text)), NOW, **more)
            return connection.scalars(select(artist_tag.c.tag).order_by(artist_tag.c.tag)).all()

    assert tags("name,tags\nAda Quill,jazz|berlin\n") == ["berlin", "jazz"]
    assert tags("name,tags\nAda Quill,\n") == ["berlin", "jazz"]
    assert tags("name,tags\nAda Quill,rock\n") == ["rock"]
    assert tags("name,tags\nAda Quill,\n", replace=True) == []
