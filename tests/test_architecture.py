"""The house keeps its shape: imports go one way, alembic/ is a folder, nothing of this machine is written down."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import alembic
import pytest

import crawler
import spiders
import storage

ROOT = Path(__file__).resolve().parent.parent


def tracked():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_alembic_is_a_plain_folder_and_hides_no_library():
    assert not (ROOT / "alembic" / "__init__.py").exists()
    assert not Path(alembic.__file__).is_relative_to(ROOT / "alembic")


@pytest.mark.parametrize("package", [crawler, spiders, storage])
def test_our_packages_are_the_ones_of_this_checkout(package):
    assert Path(package.__file__).parent == ROOT / package.__name__


def test_imports_go_one_way():
    done = subprocess.run([Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]


def test_of_spotipy_only_what_the_decision_names_is_used_and_one_private_name_of_it():
    knowing = [
        p for p in (ROOT / "spiders").rglob("*.py") if re.search(r"^\s*(import|from) spotipy", p.read_text(), re.M)
    ]
    (file,) = knowing
    assert file == ROOT / "spiders" / "spotify" / "api.py"
    used = {
        (ast.unparse(node.value), node.attr)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
    }
    assert {name for whose, name in used if whose == "self._spotify"} == {"prefix", "set_auth", "_get"}
    assert {name for whose, name in used if whose == "spotipy"} == {"Spotify", "SpotifyException"}
    tokens = {"OAUTH_TOKEN_URL", "get_access_token", "cache_handler"}
    assert {name for whose, name in used if whose == "self._tokens"} == tokens


def test_the_help_loads_neither_scrapy_nor_the_store():
    code = (
        "import sys, crawler.cli; heavy = {'scrapy', 'sqlalchemy', 'twisted', 'numpy', 'spotipy'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_lock_holds_hashes_and_no_address():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "--hash=sha256:" in lock
    assert not re.search(r"https?://|index-url|find-links|trusted-host", lock)
    assert not (ROOT / "uv.lock").exists()


def test_no_tracked_file_names_a_package_index_or_this_machine():
    found = []
    for path in tracked():
        if path.suffix in {".md", ".png", ".gz"} or path == Path(__file__):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{path.name}: {hit}" for hit in re.findall(r"pypi\.org\S*|files\.pythonhosted\S*|/simple/", text)]
        if str(ROOT) in text:
            found.append(f"{path.name}: {ROOT}")
    assert found == []
