"""YouTube, as the world's makers see it."""

from sandbox.dialects.facts import Facts

FACTS = Facts(
    name="youtube",
    ids="base64url",
    page="https://www.youtube.com/channel/{id}",
    link=("youtube", "6a540e5b-58c6-4192-b6ba-dbc71ec8fcf0"),
    share=0.95,
    carried=0.95,
    delay=(0.0, 2.0),
    lag=0.5,
    order=5,
)
