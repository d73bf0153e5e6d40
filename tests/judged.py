"""Short ways to say what judgement said, for tests of what is kept and told."""

from storage.cases import Bound, Judged
from tests.say import day


def judged(artist_id=1, profile_id=1, *, kind="profile", group_id=1, release_id=None, **more):
    """An event as judgement hands it to the store: a page that goes by a name, unless said otherwise."""
    role = "page" if release_id is None else "listed"
    values = {
        "attack": "C",
        "origin": "news",
        "status": "open",
        "loud": False,
        "score_low": 0.3,
        "score": 0.5,
        "score_high": 0.7,
        "bits": 0.0,
        "rule_version": "test",
        "evidence": (),
        "title": "Ada Quill",
        "meaning": "first",
        "bindings": (Bound(profile_id, release_id, role, day(0)),),
    }
    return Judged(kind=kind, artist_id=artist_id, group_id=group_id, **(values | more))
