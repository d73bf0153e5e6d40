"""iTunes, as the world's makers see it."""

from sandbox.dialects.facts import Facts

FACTS = Facts(
    name="itunes",
    one_id_space=True,
    page="https://music.apple.com/us/artist/{id}",
    link=("streaming", "63cc5d1f-f096-4c94-a43f-ecb32ea94161"),
    share=0.94,
    carried=0.95,
    delay=(0.0, 1.0),
    lag=0.25,
    longest_list=200,
    pictures=False,
    order=2,
    apart=False,
)
