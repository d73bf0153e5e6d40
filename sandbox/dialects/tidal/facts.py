"""TIDAL, as the world's makers see it."""

from sandbox.dialects.facts import Facts

FACTS = Facts(
    name="tidal",
    page="https://tidal.com/artist/{id}",
    link=("streaming", "63cc5d1f-f096-4c94-a43f-ecb32ea94161"),
    share=0.9,
    carried=0.93,
    delay=(0.0, 1.0),
    lag=0.25,
    order=4,
)
