"""The built wheel is whole: installed into an empty environment, it makes a store and brings the sandbox along."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(*words, folder, **environment):
    done = subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder of an environment that holds the wheel; what the wheel needs is lent by the running one."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, folder=ROOT)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "env", with_pip=False, symlinks=True)
    python = folder / "env" / "bin" / "python"
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", folder=folder).strip())
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--no-index", "--no-deps", "--quiet", wheel]
    run(*pip, folder=folder)
    return folder


def test_an_installed_wheel_upgrades_a_store_and_checks_it(installed, tmp_path):
    falsetto = installed / "env" / "bin" / "falsetto"
    assert "up to date" in run(falsetto, "db", "upgrade", folder=tmp_path)
    assert "up to date" in run(falsetto, "db", "check", folder=tmp_path)
    assert (tmp_path / "falsetto.db").is_file()


def test_an_installed_wheel_is_what_runs_and_hides_no_library(installed, tmp_path):
    python = installed / "env" / "bin" / "python"
    code = "import alembic.op, sandbox, storage.database as d; print(d.MIGRATIONS, sandbox.__file__, alembic.__file__)"
    migrations, pretended, library = run(python, "-c", code, folder=tmp_path).split()
    assert migrations.endswith("storage/migrations")
    assert all(Path(place).is_relative_to(installed / "env") for place in (migrations, pretended))
    assert not Path(library).is_relative_to(installed / "env")


def test_a_wheel_brings_the_tables_of_resemblance_and_no_cache(installed):
    import zipfile

    (wheel,) = installed.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "crawler/resemblance/data/confusables.txt" in names
    assert [name for name in names if "__pycache__" in name or name.startswith(("tests/", "benchmarks/"))] == []
