"""Deezer, as the world's makers see it."""

from sandbox.dialects.facts import Facts

FACTS = Facts(
    name="deezer",
    page="https://www.deezer.com/artist/{id}",
    link=("free streaming", "769085a1-c2f7-4c24-a532-2375a77693bd"),
    share=0.95,
    carried=0.96,
    delay=(0.0, 1.5),
    lag=0.4,
    twin_every=97,
    order=1,
    apart=False,
)
