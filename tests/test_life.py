"""How a case lives: verdicts are sticky, absence is told from being cleared, what is new reopens."""

from crawler.suspicion.life import DECISIONS, STATUS_OF, next_life

FIRED = [("strange_label=X", 4.0)]


def become(status, decision="", *, gone=False, fired=FIRED, settled=()):
    return next_life(status, decision, gone=gone, fired=fired, settled=settled).status


def test_an_open_case_stays_open_until_somebody_decides():
    assert become("open") == "open"
    assert become("watching", "unsure") == "watching"


def test_what_is_seen_nowhere_any_more_is_gone_and_what_comes_back_has_returned():
    assert become("confirmed", "impersonation", gone=True) == "gone"
    assert become("gone", "impersonation") == "returned"
    assert become("returned", "impersonation") == "returned"


def test_a_cleared_case_stays_cleared_whatever_is_scored_again():
    assert become("cleared", "legitimate", settled=["strange_label=X"]) == "cleared"
    assert become("cleared", "legitimate", settled=["strange_label=X"], gone=True) == "cleared"


def test_a_cleared_case_stays_cleared_when_the_same_sign_only_quotes_other_values():
    assert become("cleared", "legitimate", fired=[("strange_label=Y", 5.0)], settled=["strange_label=X"]) == "cleared"


def test_a_cleared_case_reopens_on_a_new_sign_that_weighs_enough_and_says_which():
    fired = [*FIRED, ("claim_denies=refused by the label", 8.0)]
    now = next_life("cleared", "legitimate", gone=False, fired=fired, settled=["strange_label=X"])
    assert now.status == "open"
    assert "claim_denies" in now.because
    weak = [*FIRED, ("weekday=a Tuesday", 0.5)]
    assert become("cleared", "legitimate", fired=weak, settled=["strange_label=X"]) == "cleared"


def test_every_decision_leads_to_a_status():
    assert set(DECISIONS) == set(STATUS_OF)
