"""Bandcamp, as the world's makers see it: the address of a release is a host and a path, each release on its own."""

from sandbox.dialects.facts import Facts

FACTS = Facts(
    name="bandcamp",
    ids="host",
    page="https://{id}.bandcamp.com/",
    share=0.35,
    carried=0.7,
    delay=(0.0, 3.0),
    lag=0.25,
    order=8,
)
