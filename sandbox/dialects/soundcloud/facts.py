"""SoundCloud, as the world's makers see it."""

from sandbox.dialects.facts import Facts

FACTS = Facts(
    name="soundcloud",
    ids="handle",
    page="https://soundcloud.com/{id}",
    link=("soundcloud", "89e4a949-0976-440d-bda1-5f772c1e5710"),
    share=0.6,
    carried=0.8,
    delay=(0.0, 2.0),
    lag=0.1,
    order=7,
)
