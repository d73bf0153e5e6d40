"""Wavelet, as the world's makers see it."""

from sandbox.dialects.facts import Facts

FACTS = Facts(
    name="wavelet",
    page="https://wavelet.example/by/{id}",
    link=("free streaming", "769085a1-c2f7-4c24-a532-2375a77693bd"),
)
