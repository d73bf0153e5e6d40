"""What Wikidata and Discogs really said, every item and artist in it read, against the raw bodies."""

import json
import re
from collections import Counter

import pytest

from spiders import discogs, wikidata
from spiders.base.errors import Misunderstood, Throttled
from spiders.base.trouble import error_of
from tests.replay import RECORDED, WHY_SKIPPED, recordings

pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason=WHY_SKIPPED)


def documents(name):
    """Yield every JSON body of a platform."""
    for recording in recordings(name):
        if recording.path.suffix == ".json":
            yield recording.path.name, json.loads(recording.body)


def show(name, counts):
    print(f"{name}: {dict(counts)}")  # noqa: T201 -- the counts are what one wants to see


def holds(statement):
    over = statement["rank"] == "deprecated" or {"P582", "P2241"} & set(statement.get("qualifiers", {}))
    return not over and statement["mainsnak"]["snaktype"] == "value"


def test_wikidata():
    counts = Counter()
    for _, document in documents("wikidata"):
        for asked, entity in (document.get("entities") or {}).items() if isinstance(document, dict) else ():
            if "missing" in entity:
                assert wikidata.entity_of({asked: entity}, asked, 1) is None
                counts["missing"] += 1
                continue
            if not re.fullmatch(r"Q\d+", entity["id"]):
                continue  # a property or a file: no client of ours asks for one
            assert wikidata.entity_of({asked: entity}, asked, 1) is entity
            moved_from = entity.get("redirects", {}).get("from")
            if moved_from is not None:
                assert wikidata.entity_of({entity["id"]: entity}, moved_from, 2) is entity
                counts["moved"] += 1
            if "claims" not in entity:
                with pytest.raises(Misunderstood):
                    wikidata.read_item(entity)
                counts["asked for without claims"] += 1
                continue
            item = wikidata.read_item(entity)
            labels = entity.get("labels") or {}
            assert item.id == entity["id"]
            assert item.name == labels.get("en", {"value": item.name})["value"]
            ours = [s for prop in wikidata.PAGES for s in entity["claims"].get(prop, ()) if holds(s)]
            assert [(link.type_id, link.url) for link in item.links] == [
                (s["mainsnak"]["property"], wikidata.PAGES[s["mainsnak"]["property"]][1].replace(
                    "{id}", s["mainsnak"]["datavalue"]["value"]))
                for s in ours
            ]  # fmt: skip
            texts = {text["value"] for text in labels.values()}
            texts |= {text["value"] for several in (entity.get("aliases") or {}).values() for text in several}
            assert {item.name, *item.aliases} - {item.id} == texts - {item.id}
            counts["items"] += 1
            counts["links"] += len(item.links)
    show("wikidata", counts)
    assert counts["items"] >= 5
    assert counts["links"] >= 4


def test_an_error_of_wikidata_in_a_body_is_one():
    bodies = {recording.path.name: recording.body for recording in recordings("wikidata")}
    error, _ = error_of(bodies["wdtk-error-maxlag-full.json"])
    assert isinstance(wikidata.read_error(error), Throttled)
    error, _ = error_of(bodies["wdtk-error.json"])
    assert "no-such-entity" in str(wikidata.read_error(error))


def test_discogs():
    counts = Counter()
    for _, document in documents("discogs"):
        rows = document.get("results", ()) if isinstance(document, dict) else ()
        for rank, row in enumerate((one for one in rows if one.get("type") == "artist"), 1):
            seen = discogs.read_hit(row, rank)
            assert (seen.id, seen.position) == (str(row["id"]), rank)
            assert (seen.name, seen.disambiguation or "") == plain(row["title"])
            counts["hits"] += 1
            counts["numbered"] += seen.disambiguation is not None
        if isinstance(document, dict) and "releases_url" in document and "namevariations" in document:
            seen = discogs.read_artist(document)
            assert (seen.id, seen.name) == (str(document["id"]), plain(document["name"])[0])
            assert [link.url for link in seen.links] == [
                url.strip() for url in document.get("urls", ()) if url.strip()
            ]  # fmt: skip
            assert {seen.name, *seen.aliases} >= {plain(name)[0] for name in document["namevariations"]}
            counts["artists"] += 1
            counts["links"] += len(seen.links)
    show("discogs", counts)
    assert counts["artists"] >= 3
    assert counts["hits"] >= 2


def plain(text):
    """Take the number and the article behind off a printed name, apart from the reader under test."""
    name, _, number = text.rpartition(" (") if re.search(r" \(\d+\)$", text) else (text, "", "")
    for article in (", The", ", Die", ", A", ", Les", ", Der"):
        if name.endswith(article):
            name = f"{article[2:]} {name.removesuffix(article)}"
    return name, number and f"({number}"
