"""The published schema is the one that the documents follow."""

import json
from pathlib import Path

from crawler.feed.document import Candidate

SCHEMA = Path(__file__).parent.parent / "docs" / "candidate.schema.json"


def test_the_published_schema_is_that_of_the_documents():
    published = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert published.pop("$schema") == "https://json-schema.org/draft/2020-12/schema"
    assert published.pop("$id") == "falsetto.candidate/2"
    assert published == Candidate.model_json_schema()


def test_no_document_can_put_an_artist_on_a_bad_list():
    artist = Candidate.model_json_schema()["$defs"]["ArtistPart"]
    assert set(artist["properties"]) == {"key", "name", "mbid", "official"}
