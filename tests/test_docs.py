"""The README names every setting, command, platform and folder, and every link in the documents leads somewhere."""

import re
from pathlib import Path

import pytest
import typer.main

from crawler.cli import app
from crawler.settings import Settings
from spiders.base import table
from spiders.base.platform import platforms

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_names_every_setting():
    for name in Settings.model_fields:
        if name != "reach":
            assert f"FALSETTO_{name.upper()}" in README, name


def test_the_readme_names_every_command():
    group = typer.main.get_command(app)
    for name, command in group.commands.items():
        assert f"falsetto {name}" in README, name
        for below in getattr(command, "commands", {}):
            assert re.search(rf"falsetto {name}[^|\n]*`?{below}`?", README), f"{name} {below}"


@pytest.mark.parametrize("name", sorted(platforms()))
def test_the_readme_has_a_row_for_every_platform(name):
    assert re.search(rf"^\| {name} \|", README, re.MULTILINE)


@pytest.mark.parametrize("name", table.FILES)
def test_the_tables_of_platforms_are_current(name):
    assert (ROOT / name).read_text(encoding="utf-8") == table.current(ROOT / name), (
        "python -m spiders.base.table --write"
    )


@pytest.mark.parametrize("name", sorted(platforms()))
def test_every_platform_states_its_facts(name):
    cls = platforms()[name]
    assert cls.name == name
    assert cls.title
    assert cls.api.startswith("https://")
    assert cls.accepts
    assert cls.limits
    assert cls.terms.endswith((".", ")"))
    assert cls.profile_url("1").startswith("https://")


@pytest.mark.parametrize(
    "path", [*sorted(ROOT.glob("docs/**/*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"], ids=lambda p: p.name
)
def test_every_link_between_documents_leads_somewhere(path):
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8")):
        if not link.startswith(("http:", "https:")):
            assert (path.parent / link).exists(), link
