"""Roster files as people have them: what is unambiguous is read, and the rest is named with its line."""

import json

import pytest

from crawler.roster.file import BadRoster, read_roster

SPOTIFY = "4tZwfgrHOc3mvqYlEYSvVi"
MBID = "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9"


@pytest.fixture
def read(tmp_path):
    def run(content, name="roster.csv", encoding=None):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_roster(path, encoding)

    return run


def refused(read, content, name="roster.csv", encoding=None):
    with pytest.raises(BadRoster) as caught:
        read(content, name, encoding)
    assert all("\n" not in fault for fault in caught.value.faults)
    return "\n".join(caught.value.faults)


@pytest.mark.parametrize(
    ("platform", "cell", "profile_id"),
    [
        ("spotify", f"https://open.spotify.com/artist/{SPOTIFY}?si=abc123", SPOTIFY),
        ("spotify", f"https://open.spotify.com/intl-de/artist/{SPOTIFY}", SPOTIFY),
        ("spotify", f"spotify:artist:{SPOTIFY}", SPOTIFY),
        ("spotify", f"open.spotify.com/artist/{SPOTIFY}", SPOTIFY),
        ("itunes", "https://music.apple.com/de/artist/mira-tosk/1440818839", "1440818839"),
        ("itunes", "https://music.apple.com/us/artist/1440818839?uo=4", "1440818839"),
        ("itunes", "https://itunes.apple.com/gb/artist/id1440818839", "1440818839"),
        ("deezer", "https://www.deezer.com/de/artist/27", "27"),
        ("deezer", "https://www.deezer.com/artist/27?utm_source=x", "27"),
        ("musicbrainz", f"https://musicbrainz.org/artist/{MBID.upper()}", MBID),
        ("musicbrainz", MBID.upper(), MBID),
        ("mbid", f"https://musicbrainz.org/artist/{MBID}", MBID),
        ("mbid", MBID.upper(), MBID),
        ("deezer", "27.0", "27"),
        ("deezer", "27.000", "27"),
        ("itunes", " 1440818839 ", "1440818839"),
    ],
)
def test_a_page_s_address_and_a_printed_number_are_ids(read, platform, cell, profile_id):
    (artist,) = read(f"name,{platform}\nMira Tosk,{cell}\n")
    assert artist.profiles["musicbrainz" if platform == "mbid" else platform] == (profile_id,)
    if platform in ("mbid", "musicbrainz"):
        assert artist.mbid == MBID


@pytest.mark.parametrize(
    ("platform", "cell", "says"),
    [
        ("spotify", "https://open.spotify.com/album/4tZwfgrHOc3mvqYlEYSvVi", "another kind (album)"),
        ("spotify", f"spotify:track:{SPOTIFY}", "another kind (track)"),
        ("deezer", "https://www.deezer.com/de/album/27", "another kind (album)"),
        ("itunes", "https://music.apple.com/de/album/x/1440818839", "another kind (album)"),
        ("spotify", "https://spotify.link/AbCdEf", "a short link"),
        ("deezer", "https://deezer.page.link/AbCdEf", "a short link"),
        ("deezer", "https://link.deezer.com/s/30xyz", "a short link"),
        ("itunes", "https://miratosk.lnk.to/debut", "a short link"),
        ("deezer", f"https://open.spotify.com/artist/{SPOTIFY}", "a page of spotify"),
        ("spotify", "https://www.instagram.com/miratosk", "nor the address"),
        ("spotify", "https://example.org/artist/1", "nor the address of an artist's page there"),
        ("spotify", "http://[::1", "nor the address of an artist's page there"),
        ("deezer", "1.44E+09", "digits are lost"),
        ("deezer", "1,44E+09", "digits are lost"),
        ("deezer", "27.5", "not a profile id"),
        ("deezer", "٢٧", "not a profile id"),
        ("deezer", "027", "not a profile id"),
        ("deezer", "9" * 30, "not a profile id"),
        ("musicbrainz", "27", "not a profile id"),
    ],
)
def test_what_is_no_artist_page_gets_a_sentence_of_its_own(read, platform, cell, says):
    said = refused(read, f'name,{platform}\nMira Tosk,"{cell}"\n')
    assert said.startswith(f"roster.csv:line 2: {platform}: ")
    assert says in said


@pytest.mark.parametrize(
    "content",
    [
        "name;aliases;deezer\nMira Tosk;Mira|Tosk;27\n",
        "name\taliases\tdeezer\nMira Tosk\tMira|Tosk\t27\n",
        "sep=;\nname;aliases;deezer\nMira Tosk;Mira|Tosk;27\n",
        "sep=|\r\nname|deezer|aliases\r\nMira Tosk|27|\r\n",
        "name,aliases,deezer,,\nMira Tosk,Mira|Tosk,27,,\n,,,,\n",
        "name,aliases,deezer\nMira Tosk,Mira|Tosk,27,,,\n",
        "name,aliases,deezer\rMira Tosk,Mira|Tosk,27\r",
        "name,aliases,deezer\r\nMira Tosk,Mira|Tosk,27\r\n\r\n",
        "\ufeffname,aliases,deezer\nMira Tosk,Mira|Tosk,27\n",
        "Name, Aliases ,DEEZER\nMira Tosk,Mira|Tosk,27\n",
        '"name";"deezer";"aliases"\n"Mira Tosk";"27";""\n',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_spreadsheets_dress_is_taken_off(read, content, encoding):
    if encoding != "utf-8":
        content = content.lstrip("\ufeff")
    (artist,) = read(content.encode(encoding))
    assert (artist.name, artist.profiles) == ("Mira Tosk", {"deezer": ("27",)})


def test_cp1252_is_read_where_it_can_mean_nothing_else(read):
    (artist,) = read("name,aliases\nBjörk,Die Ärzte|Café Façade|MÖTÖR\n".encode("cp1252"))
    assert (artist.name, artist.aliases) == ("Björk", ("Die Ärzte", "Café Façade", "MÖTÖR"))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Dvořák", "cp1250"),
        ("Виктор", "cp1251"),
        ("Niña", "cp1252"),
        ("Björk", "mac_roman"),
        ("España", "mac_roman"),
        ("Μίκης", "cp1253"),
    ],
)
def test_other_bytes_are_shown_with_what_they_may_mean_and_a_person_decides(read, text, encoding):
    content = f"name\nMira Tosk\n{text}\n".encode(encoding)
    said = refused(read, content)
    assert said.startswith("roster.csv:3: not UTF-8")
    assert "--encoding" in said
    assert [artist.name for artist in read(content, encoding=encoding)] == ["Mira Tosk", text]


def test_a_wrong_encoding_is_told_with_the_line(read):
    assert "roster.csv:2: not UTF-8" in refused(read, b"name\nA\xff\n", encoding="utf-8")
    assert "not UTF-16" in refused(read, b"\xff\xfen\0a\0m\0e\0\n\0\0\xd8\n\0")


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"full": "Mira Tosk"}, "name: text was expected, got an object"),
        (True, "name: text was expected, got true"),
        (1975, 'name: text was expected, got the number 1975; write "1975"'),
        ([["Mira"]], "name: text was expected, got a list"),
        (None, "name: empty"),
        ([], "name: empty"),
        (["Mira", "Tosk"], "name: one value was expected, got 2"),
    ],
)
def test_json_whose_name_is_no_text_is_refused(read, value, says):
    said = refused(read, json.dumps([{"name": "Ada Quill"}, {"name": value}]), "roster.json")
    assert said.startswith("roster.json:item 2: ")
    assert says in said


def test_json_numbers_keep_their_digits(read):
    (artist,) = read('[{"name": "Mira Tosk", "deezer": 27.0, "itunes": [1440818839], "weight": 2.5}]', "roster.json")
    assert artist.profiles == {"deezer": ("27",), "itunes": ("1440818839",)}
    assert artist.weight == 2.5
    for number in ("1.44E+09", "1e400", "NaN", "-27", "9" * 6000):
        assert "deezer: " in refused(read, f'[{{"name": "Mira Tosk", "deezer": {number}}}]', "roster.json")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[{"name": "A", "name": "B"}]', "stands twice"),
        ('{"name": "A"}', "a list of objects"),
        ("null", "a list of objects"),
        ('[{"name": "A", "deezer": {"id": 1}}]', "deezer: text was expected"),
        ('[{"name": "\\ud800"}]', "name: control characters or broken text"),
    ],
)
def test_json_of_another_shape_is_refused(read, text, says):
    assert says in refused(read, text, "roster.json")


def test_one_object_a_line_is_read_as_well(read):
    rows = read('{"name": "Mira Tosk", "deezer": 27}\n\n{"name": "Ada Quill"}\n', "roster.jsonl")
    assert [row.name for row in rows] == ["Mira Tosk", "Ada Quill"]
    assert "line 2: not readable as JSON" in refused(read, '{"name": "Mira Tosk"}\n{\n', "roster.jsonl")


def test_lines_are_counted_as_an_editor_counts_them(read):
    said = refused(read, 'sep=;\nname;deezer\n"Mira\nTosk";27\nAda;x\n')
    assert "line 4: name: control characters" in said
    assert "line 5: deezer" in said
