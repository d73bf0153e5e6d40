"""docs/architecture.md says what is there: the rooms and files exist, and the way goes down and never back."""

import re
from pathlib import Path

from grimp import build_graph

from spiders.base.platform import platform_names

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
WAY = re.findall(r"^\| \d+ \| `([^`]+)`", PAGE, re.MULTILINE)
RANKS = {"crawler": 2, "spiders": 1, "storage": 0}


def test_every_room_and_file_on_the_page_exists():
    for path in re.findall(r"`((?:crawler|spiders|storage|sandbox|tests)/[\w/.]*)`", PAGE):
        assert (ROOT / path).exists(), path


def test_every_room_of_the_house_stands_on_the_page():
    rooms = {f"{path.parent.relative_to(ROOT)}/" for top in RANKS for path in (ROOT / top).rglob("__init__.py")}
    told = set(re.findall(r"^\| `([\w/]+/)` \|", PAGE, re.MULTILINE))
    inner = {room for room in rooms if room.count("/") > 2 and room != "spiders/base/crawled/"}
    platforms = {f"spiders/{name}/" for name in platform_names()}  # docs/platforms.md has a section for each
    assert rooms - told - inner - platforms - {"crawler/"} == set()


def test_the_way_has_about_ten_files_and_none_of_them_imports_one_that_calls_it():
    assert 8 <= len(WAY) <= 11
    graph = build_graph("crawler", "spiders", "storage", include_external_packages=False)
    modules = [path.removesuffix(".py").replace("/", ".") for path in WAY]
    spine = modules.index("crawler.journey.spine")
    for step in modules[spine + 1 :]:
        assert not graph.chain_exists(importer=step, imported=modules[spine]), step
        assert not graph.chain_exists(importer=step, imported="crawler.worker.lane"), step
    decide = "crawler.journey.decide"
    assert not graph.direct_import_exists(importer=decide, imported="crawler.journey.keep")
    assert not any(one.startswith("sqlalchemy") for one in graph.find_modules_directly_imported_by(decide))


def test_imports_go_from_crawler_to_spiders_to_storage():
    graph = build_graph("crawler", "spiders", "storage", include_external_packages=False)
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            assert RANKS[importer.split(".")[0]] >= RANKS[imported.split(".")[0]], (importer, imported)
