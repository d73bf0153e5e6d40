"""The demo's hand-off: pushed by signed webhook, verdicts back over the API, scores moved and nothing decided."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from crawler.demo import detecting
from storage.models import case, delivery, verdict
from tests.test_cases import event, judged

__all__ = ["event"]  # a fixture


def truth_of(attack):
    event = {"bindings": [{"platform": "deezer", "release": "900"}]}
    return {"attacks": [event] if attack else [], "twins": [] if attack else [event], "ordinary": []}


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("attack", "decision"), [(True, "impersonation"), (False, "legitimate")])
def test_candidates_go_out_and_what_comes_back_moves_the_score_and_decides_nothing(engine, event, attack, decision):
    judged(engine, event, replace(event, group_id=9, score=0.4))
    lines = list(detecting.told(engine, truth_of(attack)))
    assert "  1 candidates of at least 0.5 taken in 1 tries, 1 verdicts back, 0 refused" in lines
    assert f": {decision}; it is still open" in lines[-1]
    with engine.connect() as connection:
        given = connection.execute(select(verdict)).one()
        low, high = connection.execute(select(case).order_by(case.c.id)).all()[::-1]
        assert connection.scalars(select(delivery.c.state)).all() == ["delivered"]
    assert (given.decision, given.authority, given.case_id) == (decision, "Hearsay", 1)
    assert ((high.bits > 4.5) == attack, high.status, low.bits) == (True, "open", 4.5)
