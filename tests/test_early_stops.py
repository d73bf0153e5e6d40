"""Where a platform tells a total, a list is left early only if the total is what is known."""

import json
from pathlib import Path

import pytest

from spiders.base.platform import Access
from spiders.soundcloud import Soundcloud
from spiders.youtube import Youtube
from storage.observations import Outcome
from storage.targets import Ask, Target
from tests.clients import LAPSE, QuickGate, look
from tests.replay import Answer

RECORDED = Path(__file__).parent / "recorded"
CHANNEL = "UCnovaquilltopic0000001g"
COUNT, SIZE = 12, 3  # of those that are known, newest first


def recorded(name):
    return json.loads((RECORDED / name).read_text())


def soundcloud(server, total):
    track, user = recorded("soundcloud/tracks-1.json")["collection"][0], recorded("soundcloud/user.json")
    token = json.loads((RECORDED / "soundcloud/cases.json").read_text())["always"]["POST /oauth/token"]

    def answer(asked):
        if asked.path == "/oauth/token":
            return Answer(json.dumps(token).encode())
        if asked.path == "/resolve":
            return Answer(json.dumps({**user, "track_count": total}).encode())
        start = int(asked.query.get("cursor", 0))
        rows = [{**track, "urn": f"soundcloud:tracks:{n}"} for n in range(start, start + SIZE)]
        more = f"{server.url}{asked.path}?cursor={start + SIZE}" if start + SIZE < COUNT else None
        return Answer(json.dumps({"collection": rows, "next_href": more}).encode())

    server.answer_by(answer)
    credentials = {"client_id": "ours", "client_secret": "a-secret-of-ours"}
    known = frozenset(f"soundcloud:tracks:{n}" for n in range(COUNT))
    target = Target("soundcloud", Ask.RELEASES, "nova-quill", "tracks", whole=False, known=known)
    return Soundcloud(Access(base_url=server.url, lapse=LAPSE, credentials=credentials), QuickGate()), target


def youtube(server, total):
    page = recorded("youtube/uploads-1.json")
    row = page["items"][0]

    def item(n):
        return {**row, "snippet": {**row["snippet"], "resourceId": {"kind": "youtube#video", "videoId": f"vid{n:08d}"}}}

    def answer(asked):
        start = int(asked.query.get("pageToken", 0))
        told = {**page, "items": [item(n) for n in range(start, start + SIZE)], "nextPageToken": str(start + SIZE)}
        if start + SIZE >= COUNT:
            del told["nextPageToken"]
        told["pageInfo"] = {} if total is None else {"totalResults": total}
        return Answer(json.dumps(told).encode())

    server.answer_by(answer)
    known = frozenset(f"vid{n:08d}" for n in range(COUNT))
    target = Target("youtube", Ask.RELEASES, CHANNEL, whole=False, known=known)
    return Youtube(Access(base_url=server.url, lapse=LAPSE, credentials={"key": "ours"}), QuickGate()), target


@pytest.mark.parametrize("stand_in", [soundcloud, youtube])
@pytest.mark.parametrize(("total", "pages"), [(COUNT, 2), (None, 2), (COUNT + 1, 4), (COUNT - 1, 4)])
def test_a_total_that_does_not_agree_means_that_the_walk_goes_on(server, stand_in, total, pages):
    client, target = stand_in(server, total)
    told = look(client, target)
    client.close()
    assert told.coverage.pages == pages
    if pages == 2:
        assert (told.coverage.outcome, told.coverage.stop_reason) == (Outcome.PARTIAL, "overlap with what is known")
    else:
        assert told.coverage.outcome is Outcome.COMPLETE
