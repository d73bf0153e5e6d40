"""The first judgement: what fires, what stays quiet, and what is blind."""

from dataclasses import replace
from datetime import UTC, date, datetime

from crawler.suspicion import signals
from crawler.suspicion.signals import (
    ARRIVAL_SIGNALS,
    NAME_SIGNALS,
    TITLE_SIGNALS,
    judge_arrival,
    judge_name,
    judge_title,
)
from storage.facts.bindings import Arrival, NameHit, ProfileFacts, TitleHit

PAGE = ProfileFacts(5, "deezer", "4711", "Ada Quill", "adaquill", "https://deezer.example/4711", 12_000, 9)
ARRIVAL = Arrival(
    artist_id=1,
    artist_name="Ada Quill",
    profile=PAGE,
    release_id=77,
    release_platform_id="900",
    title="Paper Birds",
    url=None,
    section="",
    date_raw="2026-03-05",
    date=date(2026, 3, 5),
    upc=None,
    first_seen_at=datetime(2026, 3, 6, 7, tzinfo=UTC),
    baseline_at=datetime(2026, 3, 2, tzinfo=UTC),
    labels=(("ninthroom", "Ninth Room"),),
    home_labels=("ninthroom",),
    claimed=False,
    redelivered=False,
)
HIT = NameHit(
    artist_id=1,
    artist_name="Ada Quill",
    met="Ada Quill",
    same=True,
    kinds=("exact",),
    likeness=0.9,
    differs="“Ada Quill” as it is",
    profile=replace(PAGE, id=6, platform_id="4712", followers=3),
    official_elsewhere=("4711",),
)


def states(finding):
    return {signal["signal"]: signal["state"] for signal in finding.evidence}


def test_an_arrival_on_the_home_label_is_a_calm_case():
    finding = judge_arrival(ARRIVAL)
    assert states(finding) == {
        "new_on_official_profile": "fired",
        "dated_long_before": "quiet",
        "strange_label": "quiet",
        "only_a_guest": "quiet",
    }
    assert finding.score_low == finding.score_high < 0.3


def test_a_strange_label_and_an_old_date_make_it_loud():
    loud = judge_arrival(
        replace(ARRIVAL, labels=(("syntax", "Syntax Room"),), date=date(2009, 1, 1), date_raw="2009-01-01")
    )
    assert loud.score_low > 0.7
    assert any("Syntax Room" in signal["because"] for signal in loud.evidence)


def test_what_was_not_told_is_blind_and_widens_the_score():
    finding = judge_arrival(replace(ARRIVAL, labels=(), date=None, date_raw=None))
    assert states(finding)["strange_label"] == states(finding)["dated_long_before"] == "blind"
    assert finding.score_low < finding.score_high


def test_a_release_that_is_claimed_as_ours_is_no_case():
    assert judge_arrival(replace(ARRIVAL, claimed=True)) is None


def test_a_release_that_was_delivered_anew_under_its_old_barcode_is_no_case():
    assert judge_arrival(replace(ARRIVAL, redelivered=True)) is None


def test_a_profile_under_a_monitored_name_is_a_case_only_beside_a_known_official_one():
    assert judge_name(HIT).kind == "same_name_other_profile"
    assert judge_name(replace(HIT, official_elsewhere=())) is None
    assert judge_name(replace(HIT, official_elsewhere=("4712",))) is None


def test_a_disguised_name_is_louder_than_the_name_itself_and_quotes_what_differs():
    disguised = replace(HIT, same=False, kinds=("confusable",), likeness=0.99, differs="а U+0430 for a")
    finding = judge_name(disguised)
    assert finding.kind == "resembling_name"
    assert finding.score_low > judge_name(HIT).score_low
    assert any("U+0430" in signal["because"] for signal in finding.evidence)
    assert finding.key == judge_name(HIT).key


def test_a_title_that_rides_on_a_name_is_a_case_about_that_release():
    hit = TitleHit(1, "Ada Quill", "Ada Quill", ("exact", "affix"), 0.8, "Ada Quill type beat", PAGE, 77)
    finding = judge_title(hit)
    assert (finding.kind, finding.release_id) == ("named_on_release", 77)
    assert 0 < finding.score_low <= 0.5


def test_the_same_suspicion_bears_the_same_key():
    again = replace(ARRIVAL, first_seen_at=datetime(2026, 3, 9, tzinfo=UTC))
    assert judge_arrival(ARRIVAL).key == judge_arrival(again).key


def test_every_signal_tells_an_analyst_its_reason_in_one_short_line():
    reasons = [signal.__doc__ for signal in (*ARRIVAL_SIGNALS, *NAME_SIGNALS, *TITLE_SIGNALS)]
    assert all(reason and len(reason) <= 80 and "\n" not in reason for reason in reasons)
    assert len(set(reasons)) == len(reasons)
    assert signals.RULES
