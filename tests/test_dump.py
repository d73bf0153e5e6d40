"""MusicBrainz' JSON dump in place of a call for every artist: read as a stream, strictly, and only what is wanted."""

import gzip
import io
import json
import lzma
import tarfile
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from spiders.musicbrainz.dump import BadLine, entries
from storage.database import open_database
from storage.models import look, profile, profile_link
from tests.commands import falsetto

QUILL, MARSH, OTHER = (f"{n}0000000-0000-4000-8000-000000000000" for n in (1, 2, 3))
MEMBER_OF = {"type-id": "x", "target-type": "artist", "artist": {"id": QUILL, "name": "Nova Quill"}}


def line(mbid, name, *urls, **more):
    kind = {"type": "streaming", "type-id": "63cc5d1f-f096-4c94-a43f-ecb32ea94161", "target-type": "url"}
    said = [{**kind, "ended": False, "url": {"resource": url}} for url in urls]
    return json.dumps({"id": mbid, "name": name, "relations": said, **more}).encode() + b"\n"


LINES = [
    line(OTHER, "Somebody Else", "https://www.deezer.com/artist/9"),
    line(QUILL, "Nova Quill", "https://www.deezer.com/artist/7", "https://open.spotify.com/artist/" + "a" * 22),
    line(OTHER, "A band with her", relations=[MEMBER_OF]),
    b'{"id": "' + MARSH.encode() + b'", "name": "cut',
]


def test_only_who_is_wanted_is_read_and_a_bad_line_costs_itself():
    quill, bad = entries(LINES, {QUILL, MARSH})
    assert (quill.place, quill.artist.id, [link.url for link in quill.artist.links]) == (
        2,
        QUILL,
        ["https://www.deezer.com/artist/7", "https://open.spotify.com/artist/" + "a" * 22],
    )
    assert (bad, bad.place) == (BadLine(4, bad.reason), 4)
    assert "not JSON" in bad.reason


def test_an_artist_without_relations_is_refused_or_it_would_take_back_what_is_known():
    (bad,) = entries([json.dumps({"id": QUILL, "name": "Nova Quill"}).encode()], {QUILL})
    assert "'relations' is missing" in bad.reason


def archive(folder, stamp="2026-02-01T10:00:00Z"):
    path = folder / "artist.tar.xz"
    with tarfile.open(path, "w:xz") as file:
        for name, body in (("TIMESTAMP", stamp.encode()), ("mbdump/artist", b"".join(LINES))):
            member = tarfile.TarInfo(name)
            member.size = len(body)
            file.addfile(member, io.BytesIO(body))
    return path


def packed(folder):
    path = folder / "artist.xz"
    path.write_bytes(lzma.compress(b"".join(LINES)))
    return path


def bare(folder):
    path = folder / "artist"
    path.write_bytes(b"".join(LINES))
    return path


@pytest.fixture
def rostered(tmp_path):
    rows = f"name,mbid\nNova Quill,{QUILL}\nTeo Marsh,{MARSH}\n"
    (tmp_path / "roster.csv").write_text(rows, encoding="utf-8")
    done = falsetto("roster", "import", "roster.csv", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    return tmp_path


@pytest.mark.parametrize("made", [archive, packed, bare])
def test_a_dump_makes_linked_pages_official_without_a_call(rostered, made):
    path = made(rostered)
    done = falsetto("roster", "resolve", "--dump", path, folder=rostered)
    assert done.returncode == 4
    assert done.stderr.startswith(f"falsetto: {path.name}, line 4: line: not JSON")
    assert len(done.stderr.splitlines()) == 1
    assert "official  Nova Quill: deezer 7" in done.stdout
    assert "1 of 2 artists with an MBID stand in" in done.stdout
    again = falsetto("roster", "resolve", "--dump", path, "--json", folder=rostered)
    assert again.stdout == ""
    engine = open_database(f"sqlite:///{rostered}/falsetto.db")
    with engine.connect() as connection:
        assert OTHER not in connection.scalars(select(profile.c.platform_id)).all()
        assert len(connection.scalars(select(profile_link.c.url)).all()) == 2
        if made is archive:
            assert connection.scalars(select(look.c.ended_at)).first() == datetime(2026, 2, 1, 10, tzinfo=UTC)
    engine.dispose()


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("artist.tar.xz", b"no archive", "artist.tar.xz: "),
        ("artist.xz", lzma.compress(LINES[1] * 50)[:-40], "artist.xz: can't be read to its end"),
        ("artist.gz", gzip.compress(LINES[1] * 50)[:12] + b"\xff" * 40, "artist.gz: can't be read to its end"),
        ("artist.tar.gz", b"\x1f\x8b\x08", "artist.tar.gz: "),
        ("missing.xz", None, "missing.xz: No such file"),
    ],
)
def test_a_file_that_is_no_dump_is_one_clear_line(rostered, name, body, said):
    if body is not None:
        (rostered / name).write_bytes(body)
    done = falsetto("roster", "resolve", "--dump", name, folder=rostered)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert said in done.stderr
