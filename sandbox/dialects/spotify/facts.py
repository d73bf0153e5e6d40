"""Spotify, as the world's makers see it."""

from sandbox.dialects.facts import Facts

FACTS = Facts(
    name="spotify",
    ids="base62",
    page="https://open.spotify.com/artist/{id}",
    link=("free streaming", "769085a1-c2f7-4c24-a532-2375a77693bd"),
    share=0.97,
    carried=0.97,
    delay=(0.0, 0.3),
    lag=0.0,
    twin_every=5,
    order=0,
    apart=False,
)
