"""A table of bad inputs against every command: one clear line, the documented code, never a traceback."""

import logging
import os
import sys

import pytest
import typer.main

from crawler import cli
from tests.commands import falsetto

HUGE = "99999999999999999999"
UTF16 = "FALSETTO_MARKET=DE\n".encode("utf-16")


@pytest.fixture
def run(tmp_path, monkeypatch, capfd):
    """Run a command in this process, in a folder of its own with a bare environment."""

    def ran(*words, **settings):
        monkeypatch.chdir(tmp_path)
        for name in [name for name in os.environ if name.startswith("FALSETTO_")]:
            monkeypatch.delenv(name)
        for name, value in settings.items():
            monkeypatch.setenv(f"FALSETTO_{name.upper()}", value)
        monkeypatch.setattr(sys, "argv", ["falsetto", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capfd.readouterr()
        return ended.value.code, said.err, said.out

    level, handlers = logging.root.level, logging.root.handlers[:]
    yield ran
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def leaves(group, words=()):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from leaves(command, (*words, name))
        else:
            yield (*words, name)


COMMANDS = sorted(leaves(typer.main.get_command(cli.app)))
STORELESS = {("demo",), ("detect", "list"), ("sandbox",), ("scan",), ("score",), ("selftest",)}
REACHABLE = {
    "platforms": "musicbrainz",
    "contact": "a@b.example",
    "signing_key": "k" * 32,
    "destination_team": "json://127.0.0.1:9",
    "detector_earmark_url": "http://127.0.0.1:9",
    "detector_earmark_key": "k",
}
NEEDS = {  # what a command must be given before it looks at its surroundings
    "roster import": ["roster.csv"],
    "roster remove": ["Ada Quill"],
    "platforms unpark": ["deezer"],
    "claims import": ["claims.csv"],
    "roster confirm": ["Ada Quill", "deezer:1", "--by", "ana"],
    "roster reject": ["Ada Quill", "deezer:1", "--by", "ana"],
    "cases group": ["1"],
    "cases show": ["1"],
    "scan": ["Ada Quill"],
    "alerts add": ["night-desk", "--to", "team"],
    "alerts mute": ["night-desk"],
    "alerts remove": ["night-desk"],
    "alerts test": ["night-desk"],
    "cases report": ["1", "--platform", "deezer", "--ground", "impersonation"],
    "cases reported": ["1", "--platform", "deezer", "--ground", "impersonation", "--by", "ana"],
    "cases answered": ["1", "removed"],
    "feed endpoints add": ["detectors", "https://detector.example/hook"],
    "feed endpoints remove": ["detectors"],
    "feed endpoints rotate": ["detectors"],
    "feed endpoints replay": ["detectors"],
    "feed endpoints dead": ["detectors"],
    "detect estimate": ["earmark"],
    "detect ask": ["earmark"],
    "detect poll": ["earmark"],
    "keys create": ["Detection team"],
    "keys revoke": ["Detection team"],
    "cases verdict": ["1", "legitimate", "--by", "ana"],
}


def one_line(told, code):
    ended, err, _ = told
    assert "Traceback" not in err
    assert "\\u000a" not in err
    assert ended == code, err
    assert err.startswith("falsetto: ")
    assert len(err.strip().splitlines()) == 1, err
    return err


@pytest.mark.parametrize("words", [c for c in COMMANDS if c not in STORELESS], ids=" ".join)
@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"database_url": "sqlite://x.db"}, "three slashes"),
        ({"database_url": "nonsense"}, "database URL"),
        ({"database_url": "sqlite:////nowhere/at/all/x.db"}, "/nowhere/at/all/x.db"),
        ({"database_url": "postgresql://u:hush@127.0.0.1:99999/x"}, ""),
        ({"deezer_base_url": "http://[::1"}, "FALSETTO_DEEZER_BASE_URL"),
        ({"deezer_base_url": "http://host:port"}, "FALSETTO_DEEZER_BASE_URL"),
        ({"itunes_market": "germany"}, "FALSETTO_ITUNES_MARKET"),
        ({"log_level": "LOUD"}, "FALSETTO_LOG_LEVEL"),
        ({"time_lapse": "nan"}, "FALSETTO_TIME_LAPSE"),
        ({"time_anchor": "inf"}, "FALSETTO_TIME_ANCHOR"),
        ({"time_origin": "yesterday"}, "FALSETTO_TIME_ORIGIN"),
        ({"keep_raw_days": HUGE}, "FALSETTO_KEEP_RAW_DAYS"),
    ],
    ids=lambda value: next(iter(value.values())) if isinstance(value, dict) else "",
)
def test_every_command_names_a_setting_that_cant_be_used(run, tmp_path, words, settings, says):
    (tmp_path / "roster.csv").write_text("name\nAda Quill\n")
    line = one_line(run(*words, *NEEDS.get(" ".join(words), []), **REACHABLE, **settings), 3)
    assert says in line
    assert "hush" not in line


@pytest.mark.parametrize("words", [c for c in COMMANDS if c not in STORELESS], ids=" ".join)
def test_every_command_reads_a_dotenv_in_utf_16_as_a_fault_of_the_file(run, tmp_path, words):
    (tmp_path / ".env").write_bytes(UTF16)
    (tmp_path / "roster.csv").write_text("name\nAda Quill\n")
    assert ".env is not UTF-8 text" in one_line(run(*words, *NEEDS.get(" ".join(words), [])), 3)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_refuses_words_it_does_not_know(run, words):
    assert "--nonsense" in one_line(run(*words, "--nonsense"), 2)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["cases", "show", HUGE], 2, "case_id"),
        (["cases", "show", "-1"], 2, ""),
        (["cases", "show", "one"], 2, "case_id"),
        (["cases", "verdict", HUGE, "legitimate", "--by", "ana"], 2, "case_id"),
        (["cases", "verdict", "0", "legitimate", "--by", "ana"], 2, "case_id"),
        (["cases", "list", "--limit", HUGE], 2, "--limit"),
        (["feed", "export", "--since", HUGE], 2, "--since"),
        (["feed", "export", "--limit", HUGE], 2, "--limit"),
        (["roster", "import", "nothing.csv"], 2, "nothing.csv"),
        (["roster", "import", "."], 2, ""),
        (["roster", "remove", "Nobody"], 2, "nobody on the roster"),
        (["roster", "import", "roster.csv", "--encoding", "klingon"], 2, "unknown encoding"),
        (["roster", "import", "roster.csv", "--encoding", "base64"], 2, "unknown encoding"),
        (["roster", "confirm", "Nobody", "deezer:1", "--by", "ana"], 2, "nobody on the roster"),
        (["roster", "confirm", "Nobody", "deezer:x", "--by", "ana"], 2, "not a profile id"),
        (["roster", "reject", "Nobody", "napster:1", "--by", "ana"], 2, "an artist page's address"),
        (["roster", "reject", "Nobody", "deezer:1", "--by", " "], 2, "--by"),
        (["roster", "gaps", "--platform", "napster"], 2, "unknown platform"),
        (["roster", "resolve", "--accept", "nan"], 2, "--accept"),
        (["claims", "import", "roster.csv"], 2, "unknown column"),
        (["score", "--roster", "nothing.csv"], 2, "nothing.csv"),
        (["score", "--roster", "roster.csv", "nothing.txt"], 2, "nothing.txt"),
        (["sandbox", "--world", "nothing.json"], 2, "nothing.json"),
        (["sandbox", "--scale", "1e99"], 2, "--scale"),
        (["demo", "--days", HUGE], 2, "--days"),
        (["nonsense"], 2, "nonsense"),
        (["cases", "nonsense"], 2, "nonsense"),
        (["run", "--once"], 3, "roster is empty"),
        (["run", "--until-idle"], 3, "roster is empty"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_typed_wrong_is_named(run, tmp_path, words, code, says):
    (tmp_path / "roster.csv").write_text("name\nAda Quill\n")
    assert says in one_line(run(*words, **REACHABLE), code)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"spotify_capability": "extendet"}, "FALSETTO_SPOTIFY_CAPABILITY: one of development, extended"),
        ({"spotify_capabilty": "extended"}, "FALSETTO_SPOTIFY_CAPABILTY: unknown setting"),
        ({"platforms": "deezer", "deezer_capability": "extended"}, "FALSETTO_DEEZER_CAPABILITY: unknown setting"),
        ({"platforms": "deezer", "deezer_baseurl": "http://127.0.0.1:9"}, "FALSETTO_DEEZER_BASEURL: unknown setting"),
    ],
)
def test_a_mistyped_setting_of_a_platform_is_no_silent_default(run, settings, says):
    secrets = {"spotify_client_id": "a", "spotify_client_secret": "b"}
    line = one_line(
        run("run", "--once", **{"platforms": "spotify", "contact": "a@b.example", **secrets, **settings}), 3
    )
    assert says in line


def test_a_mistyped_setting_of_ours_is_warned_about(run):
    run("db", "upgrade")
    code, err, _ = run("status", platfroms="deezer")
    assert code == 0
    assert "FALSETTO_PLATFROMS is no setting of Falsetto's" in err


def test_what_platforms_need_is_told_in_lines(run):
    code, err, _ = run("run", "--once")
    assert code == 3
    assert "\\u000a" not in err
    assert len(err.splitlines()) > 4


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110
@pytest.mark.parametrize("words", [["roster", "list"], ["roster", "list", "--json"], ["db", "check"], ["--version"]])
def test_a_full_disk_under_the_output_is_one_line(tmp_path, words):
    (tmp_path / "roster.csv").write_text("name\nAda Quill\n")
    falsetto("roster", "import", "roster.csv", folder=tmp_path)
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = falsetto(*words, folder=tmp_path, stdout=full)
    assert done.returncode == 3, done.stderr
    assert done.stderr.strip() == "falsetto: the output can't be written: No space left on device"


def test_a_reader_that_goes_away_is_no_fault(tmp_path):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as gone:
        done = falsetto("db", "upgrade", folder=tmp_path, stdout=gone)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_fault_of_ours_is_one_line_and_the_log_has_the_rest(run, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("by\nnobody")

    monkeypatch.setattr("storage.facts.reports.roster", broken)
    run("db", "upgrade")
    line = one_line(run("roster", "list"), 1)
    assert line == "falsetto: a fault of ours: ZeroDivisionError: by\n"
    assert "Traceback" in run("roster", "list", log_level="DEBUG")[1]


def test_the_version_is_said(run):
    code, _, out = run("--version")
    assert code == 0
    assert out.startswith("falsetto ")
