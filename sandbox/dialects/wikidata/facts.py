"""Wikidata, as the world's makers see it: items about artists, no releases."""

from sandbox.dialects.facts import Facts

FACTS = Facts(
    name="wikidata",
    ids="item",
    page="https://www.wikidata.org/wiki/{id}",
    link=("wikidata", "689870a4-a1e4-4912-b17f-7b2664215698"),
    share=0.4,
    carried=0.0,
    reference=True,
    order=9,
)
