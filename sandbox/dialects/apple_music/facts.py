"""Apple Music, as the world's makers see it: pages and ids are those of iTunes, and so is the link that leads there."""

from sandbox.dialects.facts import Facts

FACTS = Facts(
    name="apple_music",
    ids_of="itunes",
    one_id_space=True,
    page="https://music.apple.com/us/artist/{id}",
    share=0.94,
    carried=0.95,
    delay=(0.0, 1.0),
    lag=0.25,
    order=6,
)
