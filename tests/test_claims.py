"""What the rights holder says is theirs and is not: kept with authority, file and line, and held against the pages."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, insert, select

from crawler.roster import importing
from crawler.roster.claiming import differences, import_claims
from crawler.roster.file import read_roster
from crawler.roster.sheet import BadFile
from storage import claims, frontier, judging_queue, roster
from storage.database import writing
from storage.facts import events, roll
from storage.frontier import Wanted
from storage.models import artist, claim, listing, profile, release, track
from storage.targets import Ask, Target
from tests.commands import falsetto

NOW, LATER = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)
ROSTER = "name,mbid,deezer,spotify\nAda Quill,0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9,1,\nBo Lund,,2,\n"
UPC, ISRC = "602438123452", "QZ9NR2400017"
GTIN = f"00{UPC}"


@pytest.fixture
def store(engine, tmp_path):
    (tmp_path / "roster.csv").write_text(ROSTER)
    with writing(engine) as connection:
        importing.keep(connection, read_roster(tmp_path / "roster.csv"), NOW)
    return engine


@pytest.fixture
def take(store, tmp_path):
    def run(text, name="claims.csv", at=NOW, **more):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return import_claims(store, tmp_path / name, more.pop("by", "Ninth Room"), at, **more)

    return run


def standing(engine):
    with engine.connect() as connection:
        return [
            (row["artist"], row["subject"], row["value"], row["stance"], row["source"], row["place"])
            for row in claims.listed(connection)
        ]


def refused(take, text, name="claims.csv", **more):
    with pytest.raises(BadFile) as caught:
        take(text, name, **more)
    return "\n".join(caught.value.faults)


def test_claims_keep_authority_file_and_line(take, store):
    kept = take(
        f"artist,isrc,upc,label,stance,note\nAda Quill,QZ-9NR-24-00017,{UPC}.0,Ninth Room,,\n"
        "Bo Lund,US1232400001,,,not ours,never heard of\n"
    )
    assert (kept.read, kept.fresh) == (4, 4)
    assert standing(store) == [
        ("Ada Quill", "isrc", "QZ-9NR-24-00017", "ours", "claims.csv", "line 2"),
        ("Ada Quill", "label", "Ninth Room", "ours", "claims.csv", "line 2"),
        ("Ada Quill", "upc", f"{UPC}.0", "ours", "claims.csv", "line 2"),
        ("Bo Lund", "isrc", "US1232400001", "not_ours", "claims.csv", "line 3"),
    ]
    with store.connect() as connection:
        keys = set(connection.scalars(select(claim.c.value_key)))
    assert keys == {ISRC, GTIN, "ninthroom", "US1232400001"}


def test_json_and_lines_say_the_same(take, store):
    row = {"artist": "Ada Quill", "isrc": [ISRC, "QZ9NR2400018"], "upc": int(UPC)}
    assert take(json.dumps([row]), "claims.json").fresh == 3
    assert take(json.dumps(row) + "\n", "claims.jsonl").fresh == 0


def test_importing_twice_changes_nothing_and_the_revision_stays(take, store):
    text = f"artist,isrc\nAda Quill,{ISRC}\n"
    take(text)
    with store.connect() as connection:
        before = roster.revision(connection), connection.execute(select(claim)).all()
    assert take(text, at=LATER).fresh == 0
    with store.connect() as connection:
        assert (roster.revision(connection), connection.execute(select(claim)).all()) == before
    take(f"artist,isrc,stance\nAda Quill,{ISRC},not ours\n")
    with store.connect() as connection:
        assert roster.revision(connection) > before[0]


def test_a_later_word_of_the_same_authority_supersedes_and_another_s_stands_beside_it(take, store):
    take(f"artist,isrc\nAda Quill,{ISRC}\n")
    kept = take(f"artist,isrc,stance\nAda Quill,{ISRC},not ours\n", at=LATER)
    assert (kept.fresh, kept.turned) == (1, 1)
    take(f"artist,isrc\nAda Quill,{ISRC}\n", by="ana")
    with store.connect() as connection:
        said = {(row["stance"], row["authority"]) for row in claims.listed(connection)}
        assert connection.scalar(select(func.count()).select_from(claim)) == 3
    assert said == {("not_ours", "Ninth Room"), ("ours", "ana")}
    assert take(f"artist,isrc\nAda Quill,{ISRC}\n").turned == 1


def test_a_replacing_import_withdraws_what_it_leaves_out_of_this_authority_only(take, store):
    take(f"artist,isrc,upc\nAda Quill,{ISRC},{UPC}\n")
    take("artist,label\nAda Quill,Ninth Room\n", by="ana")
    assert take(f"artist,isrc\nAda Quill,{ISRC}\n", replace=True).withdrawn == 1
    assert [row[1] for row in standing(store)] == ["isrc", "label"]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("Nobody,QZ9NR2400017,,,", "nobody on the roster is called 'Nobody'"),
        ("Ada Quill,QZ9NR24,,,", "isrc: not an ISRC"),
        ("Ada Quill,,602438123456,,", "check digit is wrong"),
        ("Ada Quill,,6.02E+11,,", "digits are lost"),
        ("Ada Quill,,,a single,", "release: a release's address"),
        ("Ada Quill,,,,", "nothing is claimed"),
        ("Ada Quill,QZ9NR2400017,,,perhaps", "stance: 'ours' or 'not ours' was expected"),
        (",QZ9NR2400017,,,", "artist: empty"),
        ("Ada Quill,QZ9NR2400018,,,not ours", "is not ours here and ours in line 2"),
    ],
)
def test_a_bad_row_is_named_and_nothing_of_the_file_is_taken(take, store, row, says):
    said = refused(take, f"artist,isrc,upc,release,stance\nAda Quill,QZ9NR2400018,,,\n{row}\n")
    assert said.startswith("claims.csv:line 3: ")
    assert says in said
    assert standing(store) == []


def test_a_flood_of_bad_rows_is_told_in_part(take):
    said = refused(take, "artist,isrc\n" + "Ada Quill,x\n" * 1000).splitlines()
    assert len(said) == 101
    assert said[-1] == "claims.csv: and 900 more bad rows"


def test_a_file_that_claims_nothing_or_names_nobody_is_refused(take, store):
    assert "no column says what is claimed" in refused(take, "artist\nAda Quill\n")
    assert "the column 'artist' is missing" in refused(take, f"isrc\n{ISRC}\n")
    assert "no claim in the file" in refused(take, "artist,isrc\n")
    with store.connect() as connection:
        key = roll.called(connection, "Ada Quill")[0].key
    assert take(f"isrc\n{ISRC}\n", artist=key).fresh == 1


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        ("deezer:77", "deezer:77"),
        ("https://www.deezer.com/de/album/77?utm=1", "deezer:77"),
        ("https://open.spotify.com/intl-de/album/4tZwfgrHOc3mvqYlEYSvVi?si=x", "spotify:4tZwfgrHOc3mvqYlEYSvVi"),
        ("spotify:album:4tZwfgrHOc3mvqYlEYSvVi", "spotify:4tZwfgrHOc3mvqYlEYSvVi"),
        ("https://music.apple.com/de/album/der-mond/144081?i=5", "itunes:144081"),
        ("https://itunes.apple.com/gb/album/id144081", "itunes:144081"),
        ("https://listen.tidal.com/album/4711/u", "tidal:4711"),
        ("https://youtu.be/dQx4w9W-XcQ?si=1", "youtube:dQx4w9W-XcQ"),
        (
            "musicbrainz.org/release/0B1C2D3E-0000-4000-8000-00000000ABCD/cover-art",
            "musicbrainz:0b1c2d3e-0000-4000-8000-00000000abcd",
        ),
    ],
)
def test_releases_are_claimed_by_address_or_id(take, store, cell, key):
    take(f"artist,release\nAda Quill,{cell}\n")
    with store.connect() as connection:
        assert connection.scalar(select(claim.c.value_key)) == key


def test_zeros_that_a_spreadsheet_dropped_come_back_where_the_check_digit_agrees(take, store):
    take("artist,upc\nAda Quill,36000291452\n")
    with store.connect() as connection:
        assert connection.scalar(select(claim.c.value_key)) == "00036000291452"
    assert "check digit" in refused(take, "artist,upc\nAda Quill,36000291453\n")


@pytest.fixture
def pages(store):
    """Four releases on Ada's page, a guest part, and one that was removed."""
    with writing(store) as connection:
        ids = {name: i for i, name in connection.execute(select(artist.c.id, artist.c.name))}
        page = connection.scalar(select(profile.c.id).where(profile.c.platform_id == "1"))
        seen = {"first_seen_at": NOW, "last_seen_at": NOW}
        for number, (title, gtin, isrc, section, removed) in enumerate(
            [
                ("Claimed by barcode", GTIN, None, "albums", None),
                ("Claimed by recording", None, ISRC, "albums", None),
                ("Strange", "00036000291452", "XX1232400001", "albums", None),
                ("Nothing told", None, None, "albums", None),
                ("A guest part", "00036000291476", None, "appears_on", None),
                ("Gone", "00036000291483", None, "albums", NOW),
            ],
            1,
        ):
            values = {
                "platform": "deezer",
                "platform_id": str(number),
                "title": title,
                "title_key": title,
                "gtin14": gtin,
            }
            row = connection.execute(insert(release).values(**values, **seen).returning(release.c.id)).scalar_one()
            connection.execute(
                insert(listing).values(
                    profile_id=page, release_id=row, section=section, new=False, removed_at=removed, **seen
                )
            )
            if isrc:
                values = {
                    "platform": "deezer",
                    "platform_id": f"t{number}",
                    "title": "t",
                    "title_key": "t",
                    "isrc": isrc,
                }
                connection.execute(insert(track).values(release_id=row, **values, **seen))
        frontier.want(
            connection, [Wanted(Target("deezer", Ask.RELEASES, "1", "albums"), NOW, 3, (ids["Ada Quill"],))], NOW
        )
    return store


def differing(engine):
    with engine.connect() as connection:
        return {(d.what, d.title or d.codes[0]): d.because for d in differences(connection, roll.roll(connection))}


def test_what_is_there_but_not_ours_and_what_is_ours_but_not_there(take, pages):
    take(f"artist,isrc,upc\nAda Quill,{ISRC},{UPC}\nAda Quill,QZ9NR2400099,\n")
    found = differing(pages)
    assert set(found) == {("unclaimed", "Strange"), ("blind", "Nothing told"), ("missing", "isrc QZ9NR2400099")}
    assert "0 of 1 lists of official pages were seen whole" in found["missing", "isrc QZ9NR2400099"]
    take("artist,isrc,release,stance\nAda Quill,XX1232400001,,not ours\nAda Quill,,deezer:4,ours\n", at=LATER)
    assert set(differing(pages)) == {("refused", "Strange"), ("missing", "isrc QZ9NR2400099")}


def test_refusals_alone_make_nothing_unclaimed(take, pages):
    take("artist,upc,stance\nAda Quill,36000291452,not ours\n")
    assert set(differing(pages)) == {("refused", "Strange")}
    take("artist,label\nBo Lund,Ninth Room\n")
    assert set(differing(pages)) == {("refused", "Strange")}


def test_judgement_is_told_what_is_claimed_and_judges_the_artist_again(take, pages):
    take(f"artist,upc,isrc,stance\nAda Quill,{UPC},,\nAda Quill,,{ISRC},not ours\n")
    with pages.connect() as connection:
        (ada,) = roll.called(connection, "Ada Quill")
        told = events._claims(connection, ada.id, {"upc": {GTIN, "00036000291452"}, "isrc": {ISRC}})
        assert judging_queue.next_artists(connection, "", 9) == [ada.id]
    assert [(c.subject, c.stance, c.authority) for c in told] == [
        ("upc", "ours", "Ninth Room"),
        ("isrc", "not_ours", "Ninth Room"),
    ]


def test_the_commands_import_list_and_differ(tmp_path):
    (tmp_path / "roster.csv").write_text(ROSTER)
    (tmp_path / "claims.csv").write_text(f"artist;isrc;stance\nAda Quill;{ISRC};ours\nBo Lund;US1232400001;not ours\n")
    falsetto("roster", "import", "roster.csv", folder=tmp_path)
    done = falsetto("claims", "import", "claims.csv", "--by", "Ninth Room", folder=tmp_path)
    assert done.stdout == "2 claims: 2 new or changed, 0 turned round, 0 withdrawn\n", done.stderr
    assert falsetto("claims", "list", "--stance", "not_ours", folder=tmp_path).stdout == (
        "Bo Lund: isrc US1232400001 is not ours by Ninth Room (claims.csv:line 3)\n"
    )
    rows = [json.loads(line) for line in falsetto("claims", "diff", "--json", folder=tmp_path).stdout.splitlines()]
    assert [(row["what"], row["codes"]) for row in rows] == [("missing", [f"isrc {ISRC}"])]
    assert "1 missing" in falsetto("claims", "diff", "--artist", "Ada Quill", folder=tmp_path).stdout
    for words in (
        ["list", "--subject", "x"],
        ["list", "--stance", "x"],
        ["list", "--artist", "x"],
        ["import", "x.csv"],
    ):
        done = falsetto("claims", *words, folder=tmp_path)
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1
