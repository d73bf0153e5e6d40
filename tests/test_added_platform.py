"""A platform is three things and no edit anywhere else: one added in a copy of the house is found, asked and listed."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.database import open_database
from storage.models import look, target
from tests import sandboxed
from tests.commands import KEPT

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("alembic", "crawler", "sandbox", "spiders", "storage", "tests", "pyproject.toml", "README.md", "docs")


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A copy of the house, with what an invented platform adds."""
    home = tmp_path_factory.mktemp("house")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, home / name, ignore=shutil.ignore_patterns("__pycache__", "added"))
        else:
            shutil.copy(source, home / name)
    before = {path for path in home.rglob("*") if path.is_file()}
    shutil.copytree(ROOT / "tests" / "added", home, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    added = {str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()} - {
        str(path.relative_to(home)) for path in before
    }
    assert {name.partition("wavelet")[0] for name in added} == {
        "spiders/",
        "sandbox/dialects/",
        "tests/recorded/",
    }
    return home


def python(house, *words, **settings):
    import os

    environment = {name: os.environ[name] for name in KEPT if name in os.environ} | {"PYTHONPATH": str(house)}
    environment |= {f"FALSETTO_{name.upper()}": str(value) for name, value in settings.items()}
    command = [sys.executable, *map(str, words)]
    return subprocess.run(command, cwd=house, env=environment, capture_output=True, text=True, timeout=250)


def test_it_is_found_and_listed_with_its_terms(house):
    done = python(house, "-m", "crawler", "platforms", "--json", platforms="wavelet,deezer")
    assert done.returncode == 0, done.stderr
    listed = {row["platform"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert set(listed) >= {"deezer", "wavelet"}
    assert listed["wavelet"]["state"] == "on"
    assert listed["wavelet"]["terms"] == "It is invented: do as you like."
    assert "| wavelet | search, profile, releases |" in python(house, "-m", "spiders.base.table").stdout


def test_its_pages_are_read_in_a_roster(house):
    said = "from spiders.base.pages import read_page; print(*read_page('https://www.wavelet.example/by/27?x=1'))"
    assert python(house, "-c", said).stdout == "wavelet 27\n"


def test_the_worker_asks_it_in_the_sandbox(house, tmp_path):
    script = (
        "import json, sys, sandbox\n"
        "with sandbox.running(seed=5, scale=0.1, lapse=200) as world:\n"
        "    print(json.dumps([world.url, world.roster_csv(), world.visible('wavelet')]), flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=house,
        env={"PYTHONPATH": str(house), "PATH": "/usr/bin:/bin"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as served:
        url, roster, visible = json.loads(served.stdout.readline())
        (house / "roster.csv").write_text(roster, encoding="utf-8")
        settings = {
            "platforms": "wavelet",
            "wavelet_base_url": f"{url}/wavelet",
            "contact": "tests@falsetto.example",
            "time_lapse": 200,
            "database_url": f"sqlite:///{tmp_path}/falsetto.db",
        }
        done = python(house, "-m", "crawler", "roster", "import", "roster.csv", **settings)
        assert done.returncode == 0, done.stderr
        done = python(house, "-m", "crawler", "run", "--until-idle", **settings)
        served.stdin.close()
        served.wait(20)
    assert done.returncode == 0, done.stderr[-2000:]
    engine = open_database(f"sqlite:///{tmp_path}/falsetto.db")
    listed = sandboxed.listed(engine)
    pages = {profile for _, profile in sandboxed.official(engine)}
    with engine.connect() as connection:
        asked = set(connection.execute(select(target.c.ask, look.c.outcome).join(look)).all())
    engine.dispose()
    assert asked >= {("releases", "complete"), ("search", "complete")}
    expected = {(row["profile"], row["release"]) for row in visible if row["profile"] in pages}
    assert expected
    assert expected <= {(profile, release) for _, profile, release in listed}


def test_the_battery_runs_over_it_without_a_line_of_test_code(house):
    done = python(house, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_platforms.py", "-k", "wavelet")
    assert done.returncode == 0, done.stdout[-3000:]
    assert done.stdout.count(".") > 60
