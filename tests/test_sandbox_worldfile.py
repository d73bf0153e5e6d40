"""Worlds as files: the example, the schema, the round trip, and one clear line for every bad file."""

import copy
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest

from sandbox import SandboxRefused, running
from sandbox.dialects.answer import Ask
from sandbox.dialects.platforms import stand_ins
from sandbox.files.export import export_world
from sandbox.files.loaded import load_world
from sandbox.files.worldfile import BadWorld, schema
from sandbox.generate import GeneratedWorld
from sandbox.made.roster import roster_csv
from sandbox.planted.truth import truth, visible
from sandbox.world import DAY, PLATFORMS

DOCS = Path(__file__).resolve().parent.parent / "docs"
EXAMPLE = json.loads((DOCS / "example-world.json").read_text(encoding="utf-8"))
START = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    made = GeneratedWorld(11, 0.2, START.timestamp())
    path = tmp_path_factory.mktemp("world") / "world.json"
    export_world(made, path)
    return made, load_world(path), json.loads(path.read_text(encoding="utf-8"))


def test_the_schema_in_the_documents_is_the_one_that_is_enforced():
    assert json.loads((DOCS / "world.schema.json").read_text(encoding="utf-8")) == schema()


@pytest.mark.parametrize("which", ["example", "exported"])
def test_good_worlds_satisfy_the_schema(pair, which):
    validator = jsonschema.Draft202012Validator(schema())
    validator.check_schema(schema())
    validator.validate(EXAMPLE if which == "example" else pair[2])


def test_an_exported_world_tells_the_same_truth(pair):
    made, loaded, _ = pair
    assert roster_csv(made) == roster_csv(loaded)
    for day in (0, 6, 12, 21):
        now = made.start + day * DAY
        assert truth(made, now) == truth(loaded, now)
        rows = [sorted(map(str, visible(w, PLATFORMS, ["US", "GB"], now, None))) for w in (made, loaded)]
        assert rows[0] == rows[1]
        assert len(rows[0]) > 300


def test_an_exported_world_answers_word_for_word_the_same(pair):
    made, loaded, document = pair
    answers = []
    for world in (made, loaded):
        dialects = stand_ins(world, "development", "US")
        answers.append([answer_of(dialects, *question, world.start + 9 * DAY) for question in questions(document)])
    assert answers[0] == answers[1]
    assert sum("error" in str(answer)[:12] for answer in answers[0]) < len(answers[0]) / 2


def questions(document):
    for artist in document["artists"][:60] + document["artists"][-12:]:
        for profile in artist.get("profiles", ()):
            if profile["platform"] == "deezer":
                yield "deezer", f"artist/{profile['id']}", ()
                yield "deezer", f"artist/{profile['id']}/albums", ()
            if profile["platform"] == "itunes":
                yield "itunes", "lookup", (("id", profile["id"]), ("entity", "album"), ("sort", "recent"))
            if profile["platform"] == "musicbrainz":
                yield "musicbrainz", f"artist/{profile['id']}", (("inc", "aliases+url-rels"),)
                yield "musicbrainz", "release", (("artist", profile["id"]), ("inc", "recordings+isrcs+labels"))
        yield "deezer", "search/artist", (("q", artist["name"]),)
    for release in document["releases"][:80]:
        yield "deezer", f"album/upc:{release['upc']}", ()
        yield "deezer", f"track/isrc:{release['tracks'][0]['isrc']}", ()


def answer_of(dialects, platform, path, params, now):
    ask = Ask("GET", path, dict(params), params, {"user-agent": "tests/1 (a@example.org)"}, base="http://x")
    return dialects[platform].dialect.answer(ask, now).document


def test_the_example_is_served():
    with running(world=DOCS / "example-world.json", lapse=0.001) as sandbox:
        assert sandbox.now().date() == START.date()
        assert len(sandbox.visible("deezer")) == 1
        sandbox.advance(datetime(2026, 3, 10, tzinfo=UTC))
        assert {row["release"] for row in sandbox.visible("deezer")} == {"9001", "9002", "9003"}
        assert [event["id"] for event in sandbox.truth()["attacks"]] == ["hijack-1", "typo-1"]
        assert "Maravel Onduin" in sandbox.roster_csv()


def broken(change):
    world = copy.deepcopy(EXAMPLE)
    change(world)
    return json.dumps(world)


BAD = {
    "no JSON": ("{", "not JSON: Expecting property name enclosed in double quotes at line 1 column 2"),
    "a list": ("[]", "the whole file: input should be"),
    "wrong format": (broken(lambda w: w.update(format="x/2")), "format: input should be 'falsetto-world/1'"),
    "unknown key": (broken(lambda w: w["artists"][0].update(nmae="x")), "artists[0].nmae: extra inputs"),
    "no name": (broken(lambda w: w["artists"][1].pop("name")), "artists[1].name: field required"),
    "unknown artist": (
        broken(lambda w: w["releases"][2]["credits"][0].update(artist="nobody")),
        "releases[2].credits[0].artist: no artist is called 'nobody'",
    ),
    "id twice": (
        broken(lambda w: w["artists"][1]["profiles"][1].update(id="7001")),
        "artists[1].profiles[1].id: 'profile deezer 7001' is already artists[0].profiles[1].id",
    ),
    "wrong UPC": (broken(lambda w: w["releases"][0].update(upc="12")), "releases[0].upc: string should match"),
    "wrong ISRC": (broken(lambda w: w["releases"][0]["tracks"][1].update(isrc="x")), "releases[0].tracks[1].isrc: "),
    "no such month": (
        broken(lambda w: w["releases"][0].update(date="2019-13")),
        "releases[0].date: '2019-13' is no date",
    ),
    "no zone": (broken(lambda w: w.update(start="2026-03-02T00:00:00")), "start: input should have timezone info"),
    "track without id": (
        broken(lambda w: w["releases"][1]["tracks"][0]["ids"].pop("deezer")),
        "releases[1].tracks[0].ids: no id on deezer",
    ),
    "misshapen id": (
        broken(lambda w: w["artists"][1]["profiles"][0].update(id="short")),
        "artists[1].profiles[0].id: 'short' has not the shape of an id on spotify",
    ),
    "strange market": (
        broken(lambda w: w["releases"][0]["on"][0].update(markets=["XX"])),
        "releases[0].on[0].markets[0]: ",
    ),
}


@pytest.mark.parametrize("name", list(BAD))
def test_a_bad_file_gets_one_line_with_the_place(tmp_path, name):
    content, line = BAD[name]
    path = tmp_path / "bad.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadWorld) as caught:
        load_world(path)
    assert line in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "bad.json"
    path.write_bytes(b'{"format": "\xff\xfe"}')
    with pytest.raises(BadWorld, match="not UTF-8"):
        load_world(path)


def test_a_bad_world_ends_the_child_with_its_one_line(tmp_path):
    with pytest.raises(SandboxRefused, match="No such file"), running(world=tmp_path / "none.json"):
        pass


def test_the_command_says_one_line_about_a_bad_world(tmp_path):
    path = tmp_path / "bad.json"
    path.write_text("{}", encoding="utf-8")
    command = [sys.executable, "-m", "crawler", "sandbox", "--world", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "format: field required" in done.stderr
