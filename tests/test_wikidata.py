"""One odd item of Wikidata, or an id that it refuses, costs itself only and none of those asked with it."""

import json

from spiders.base.platform import Access
from spiders.wikidata import Wikidata
from storage.observations import Outcome
from storage.targets import Ask, Target
from tests.clients import LAPSE, QuickGate, looks
from tests.replay import Answer, Replay


def item(id_):
    return {"id": id_, "labels": {"en": {"value": "Nova Quill"}}, "claims": {}}


def test_an_id_that_is_refused_costs_itself_only():
    targets = [Target("wikidata", Ask.PROFILE, id_) for id_ in ("Q7", "Q99999999999", "Q8")]

    def answer(asked):
        ids = asked.query["ids"].split("|")
        if "Q99999999999" in ids:
            return Answer(b'{"error": {"code": "no-such-entity", "info": "Could not find an entity."}}')
        return Answer(json.dumps({"entities": {id_: item(id_) for id_ in ids}}).encode())

    with Replay() as server:
        server.answer_by(answer)
        client = Wikidata(Access(base_url=server.url, contact="ops@label.example", lapse=LAPSE), QuickGate())
        try:
            heard = looks(client, *targets)
        finally:
            client.close()
    outcomes = [heard[target].coverage.outcome for target in targets]
    assert outcomes == [Outcome.COMPLETE, Outcome.MALFORMED, Outcome.COMPLETE]
