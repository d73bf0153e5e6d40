"""Discogs, as the world's makers see it: artists with numbers, no releases."""

from sandbox.dialects.facts import Facts

FACTS = Facts(
    name="discogs",
    page="https://www.discogs.com/artist/{id}",
    link=("discogs", "04a5b104-a4c2-4bac-99a1-7b837c37d9e4"),
    share=0.5,
    carried=0.0,
    reference=True,
    order=10,
)
