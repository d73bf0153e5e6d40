"""MusicBrainz, as the world's makers see it."""

from sandbox.dialects.facts import Facts

FACTS = Facts(
    name="musicbrainz",
    ids="uuid",
    page="https://musicbrainz.org/artist/{id}",
    share=0.75,
    carried=0.7,
    delay=(2.0, 25.0),
    lag=3.0,
    reference=True,
    order=3,
    apart=False,
)
