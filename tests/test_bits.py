"""Judgement in bits: scores are sums of quoted parts, and nothing but the evidence matters."""

import inspect
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.journey.backtest import other_weights
from crawler.suspicion import campaigns, detectors, questions, score, weights
from crawler.suspicion.history import History
from crawler.suspicion.score import (
    ABOUT_CHANGES,
    ABOUT_LOSSES,
    ABOUT_PAGES,
    ABOUT_RELEASES,
    OPEN_AT,
    alert_cut,
    judge,
    posterior,
)
from crawler.suspicion.weights import WEIGHTS
from storage.facts.values import Claimed, Credit, Line, Referred, Shared, Spread, Surroundings
from storage.normalize import line_key
from tests.making import NOW, ORLA, arrival, look_alike, past, shown

EVERY = dict.fromkeys((*ABOUT_RELEASES, *ABOUT_PAGES, *ABOUT_LOSSES, *ABOUT_CHANGES))


def part(judged, signal):
    return next(one for one in judged.parts if one.signal == signal)


FOREIGN = shown(label="Gulden Tide Media", isrcs=("QZXY92600001",))

releases = st.builds(
    shown,
    group_id=st.just(99),
    title=st.sampled_from(["Harbour Lights", "Title A", "ГАВАНЬ", "tide (sped up)"]),
    label=st.sampled_from(["Seerose Records", "Gulden Tide Media", "Orla Venn", ""]),
    day=st.none() | st.dates(date(1990, 1, 1), date(2027, 1, 1)),
    isrcs=st.lists(st.sampled_from(["DEAA12600001", "QZXY92600001", "DEAA12400003"]), unique=True).map(tuple),
    gtins=st.lists(st.sampled_from(["04012345678901", "00602577828225"]), unique=True).map(tuple),
    role=st.sampled_from(["own", "appears_on", "compilation"]),
    guests=st.lists(st.sampled_from(["Tam", "Ilva", "Nor"]), unique=True).map(tuple),
    seconds=st.sampled_from([0, 90, 200, 900]),
)
shareds = st.lists(
    st.builds(
        Shared,
        what=st.sampled_from(["line", "registrant", "cover", "writer", "naming", "code_run"]),
        value=st.sampled_from(["guldentidemedia", "QZXY9", "x"]),
        artists=st.sets(st.integers(2, 9)).map(frozenset),
        events=st.sets(st.integers(2, 9)).map(frozenset),
        spread=st.integers(0, 5000),
        days=st.floats(0, 400),
    ),
    max_size=3,
).map(tuple)
events = st.builds(
    lambda release, count, shared, seen: arrival(release, history=past(count), shared=shared, surroundings=seen),
    releases,
    st.integers(0, 12),
    shareds,
    st.sampled_from([Surroundings(), Surroundings(5000, (Spread("holder", "gulden tide", 3),))]),
)


@given(events)
def test_the_score_is_the_exact_sum_of_its_quoted_parts(event):
    judged = judge(event)
    millibits = round(judged.prior * 1000) + sum(round(part.bits * 1000) for part in judged.parts)
    assert round(judged.bits * 1000) == millibits
    for part in judged.parts:
        assert round(part.bits * 1000) == sum(round(weighed.bits * 1000) for weighed in part.weights)
        assert not part.weights or part.because
    assert judged.score == posterior(judged.bits)
    assert judged.score_low <= judged.score <= judged.score_high


@given(events, st.randoms(use_true_random=False))
def test_the_order_of_what_was_seen_does_not_matter(event, chance):
    def shuffled(values):
        return tuple(chance.sample(values, len(values)))

    release = replace(
        event.shown,
        lines=shuffled(event.shown.lines),
        credits=shuffled(event.shown.credits),
        tracks=shuffled(event.shown.tracks),
    )
    other = replace(event, shown=release, past=shuffled(event.past), shared=shuffled(event.shared))
    assert judge(other) == judge(event)


@given(events)
def test_judging_again_changes_nothing(event):
    history = History.of(event.artist, event.past)
    assert judge(event, history) == judge(event, history) == judge(event)


@settings(max_examples=50)
@given(st.lists(releases, min_size=1, max_size=8), st.data())
def test_leaving_one_out_is_as_if_it_had_never_been_learnt(drawn, data):
    drawn = [replace(release, group_id=number) for number, release in enumerate(drawn)]
    left = data.draw(st.sampled_from(drawn))
    rest = History.of(ORLA, [r for r in drawn if r is not left])
    without = History.of(ORLA, drawn).without(left.group_id)
    assert without.counts == rest.counts
    assert +without.told == +rest.told
    assert without.own == rest.own
    assert without.guests == rest.guests


def test_every_question_has_a_sentence_of_its_own_that_fits_on_a_line():
    sentences = [(question.__doc__ or "") for question in EVERY]
    assert all(sentences)
    assert len(set(sentences)) == len(sentences)
    assert [s for s in sentences if len(s) > 80 or "\n" in s] == []


def test_every_weight_is_used_and_names_its_source():
    code = "".join(
        inspect.getsource(m) for m in (score, campaigns, detectors, *(vars(questions).values())) if inspect.ismodule(m)
    )
    for name, weight in WEIGHTS.items():
        family = name.split(".")[0]
        assert f'"{name}"' in code or f'f"{family}.{{' in code, name
        assert weight.source in ("measured", "documented", "learnt", "hand")
        assert weight.note


def test_an_ordinary_release_on_a_home_label_with_home_codes_is_no_case():
    judged = judge(arrival())
    assert not judged.opens
    assert judged.score < 0.001


def test_a_release_of_strange_delivery_is_a_case_and_says_so():
    judged = judge(arrival(FOREIGN))
    assert judged.opens
    assert "Gulden Tide" in judged.why or "gulden tide" in judged.why
    assert judged.attack == "A"


def test_something_new_weighs_less_with_somebody_who_always_has_something_new():
    restless = tuple(
        replace(release, lines=shown(label=f"Label {chr(75 + n)}ong").lines) for n, release in enumerate(past())
    )
    settled, moving = judge(arrival(FOREIGN)), judge(arrival(FOREIGN, history=restless))
    assert settled.bits > moving.bits + 3


@pytest.mark.parametrize("role", ["appears_on", "compilation"])
def test_what_guest_parts_and_compilations_show_is_no_home(role):
    foreign = tuple(
        replace(release, group_id=200 + n, lines=FOREIGN.lines, isrcs=frozenset({f"QZXY925{n:05}"}))
        for n, release in enumerate(past())
    )
    elsewhere = tuple(replace(release, role=role) for release in foreign)
    delivered = part(judge(arrival(FOREIGN, history=(*past(), *elsewhere))), "who_delivered")
    assert delivered.bits > 0
    assert "known: seerose;" in delivered.because
    assert part(judge(arrival(FOREIGN, history=(*past(), *foreign))), "who_delivered").bits < -5


def test_three_releases_do_not_pretend_to_know():
    assert judge(arrival(FOREIGN, history=past(3))).bits < judge(arrival(FOREIGN, history=past(12))).bits


def test_a_forged_home_label_does_not_hide_foreign_codes():
    forged = judge(arrival(shown(isrcs=("QZXY92600001",))))
    honest = judge(arrival())
    assert forged.bits > honest.bits + 5
    untold = judge(arrival(shown(label="", isrcs=("QZXY92600001",))))
    assert untold.bits - 4 < forged.bits < untold.bits  # typed text takes off little where the codes are strange
    assert judge(arrival(shown(label="Gulden Tide Media"))).bits < judge(arrival(FOREIGN)).bits - 3


def test_the_artists_own_name_as_label_clears_nothing():
    own = judge(arrival(shown(label="Orla Venn", isrcs=()), history=past(label="Orla Venn", registrant="DEAA1")))
    bare = judge(arrival(shown(label="", isrcs=()), history=past(label="Orla Venn", registrant="DEAA1")))
    assert own.bits >= bare.bits - 0.5


def test_what_was_not_told_widens_the_interval_and_is_named():
    judged = judge(arrival(shown(label="", isrcs=())))
    assert {"label", "isrc"} <= set(score.blind_fields(judged))
    assert judged.score_high - judged.score_low > judge(arrival()).score_high - judge(arrival()).score_low


def test_context_alone_opens_no_case():
    odd = shown(
        "sped up nightcore", label="", isrcs=(), seconds=900, day=date(2026, 3, 7), ai=("deezer ai: yes",)
    )  # fmt: skip
    odd = replace(odd, group_id=99, title="ГАВАНЬ (sped up)", genres=frozenset({"phonk"}))
    judged = judge(arrival(odd))
    firm = [p for p in judged.parts if p.state == "fired" and p.bits > 0 and p.signal not in score.CONTEXT]
    assert firm == []
    assert not judged.opens


def test_a_comeback_whose_delivery_is_told_and_not_strange_is_no_case_and_one_that_tells_nothing_is():
    old = tuple(replace(one, date=one.date - timedelta(days=4000), year=None) for one in past(label="Orla Venn"))
    back = shown(label="Orla Venn", isrcs=(), gtins=("05063248000001",), seconds=130)
    told, untold = (
        judge(arrival(replace(back, lines=x, gtins=y), history=old)) for x, y in ((back.lines, back.gtins), ((), ()))
    )
    assert part(told, "after_silence").bits > 1.5
    assert told.score > OPEN_AT
    assert not told.opens
    strange = judge(arrival(shown(label="Gulden Tide Media", isrcs=()), history=old))
    assert strange.opens
    assert untold.opens


@pytest.mark.parametrize(("stance", "opens"), [("not_ours", True), ("ours", False)])
def test_the_rights_holders_word_decides(stance, opens):
    said = Claimed("upc", "04012345678901", stance, "rights_holder", NOW)
    assert judge(arrival(FOREIGN if stance == "ours" else None, claims=(said,))).opens is opens


def test_claimed_labels_and_codes_are_home_at_once():
    taught = replace(ORLA, home_labels=frozenset({"guldentidemedia"}), home_prefixes=frozenset({"QZXY9"}))
    assert not judge(arrival(FOREIGN, artist=taught)).opens


def test_a_label_that_several_artists_met_within_days_raises_each_unless_everybody_uses_it():
    tie = Shared("line", "guldentidemedia", frozenset({2, 3, 4}), frozenset({7}), 3, 2.0)
    hub = replace(tie, spread=4000)
    plain = judge(arrival(FOREIGN)).bits
    assert judge(arrival(FOREIGN, shared=(tie,))).bits > plain + 3
    assert judge(arrival(FOREIGN, shared=(hub,))).bits < plain + 0.2


def test_a_release_after_death_on_a_strange_label_outweighs_one_on_the_home_label():
    dead = replace(ORLA, died=date(2016, 5, 17))
    assert judge(arrival(FOREIGN, artist=dead)).opens
    assert not judge(arrival(artist=dead)).opens


def test_a_pack_at_one_ratio_is_found_unless_the_label_is_home():
    known = past()
    copies = tuple(
        replace(t, duration_ms=int(t.duration_ms * 0.85), isrc=f"QZXY926000{n:02d}", title=f"{t.title} (sped up)")
        for n, t in enumerate(t for release in known[:4] for t in release.tracks)
    )
    pack = replace(FOREIGN, title="Orla Venn sped up", tracks=copies)
    judged = judge(arrival(pack))
    assert any(p.signal == "constant_ratio" and p.state == "fired" for p in judged.parts)
    assert judged.attack == "F"
    own = replace(pack, lines=shown().lines, isrcs=frozenset({"DEAA12600009"}))
    assert not judge(arrival(own)).opens


def test_a_track_swapped_in_under_a_strange_registrant_is_tampering():
    album = shown(isrcs=("DEAA12300001", "DEAA12300002"), first_seen_at=NOW - timedelta(days=90), news=False)
    old, gone = album.tracks
    swapped = replace(
        album, tracks=(old, replace(gone, until=NOW), replace(gone, title="New", isrc="QZXY92600001", since=NOW))
    )
    event = replace(arrival(swapped), kind="tampering")
    assert judge(event).opens
    deluxe = replace(album, tracks=(old, gone, replace(gone, title="Bonus", isrc="DEAA12600005", since=NOW)))
    assert judge(replace(event, shown=deluxe)).bits < judge(event).bits - 5


def test_a_store_that_comes_late_with_its_whole_list_has_added_nothing():
    late = NOW + timedelta(days=3)
    tracks = tuple(replace(track, since=late) for track in shown(isrcs=("DEAA12600001", "DEAA12600002")).tracks)
    event = arrival(shown(tracks=tracks))
    assert part(judge(event), "tracks_changed").bits == 0
    grown = (*tracks, replace(tracks[0], title="Bonus", isrc="QZXY92600001", since=late + timedelta(days=3)))
    assert part(judge(replace(event, shown=shown(tracks=grown))), "tracks_changed").bits > 0


def test_a_registrant_that_many_acts_share_is_no_home_by_itself_though_it_is_claimed():
    taught = replace(ORLA, home_prefixes=frozenset({"QZXY9"}))
    alone = judge(arrival(FOREIGN, artist=taught))
    shared = Surroundings(200, (Spread("registrant", "QZXY9", 15),))
    assert judge(arrival(FOREIGN, artist=taught, surroundings=shared)).bits > alone.bits + 3


def test_half_of_a_name_shared_is_no_kinship_of_labels():
    home = past(label="Wickgate Thimbles")
    bits = [
        judge(arrival(shown(label=label), history=home)).bits
        for label in ("Wickgate Thimbles Nord", "Kestthorpe Thimbles", "Kestthorpe Gables")
    ]
    assert bits == sorted(bits)
    assert bits[0] < bits[2] - 3 < bits[1] - 1


def test_which_word_two_labels_share_does_not_hang_on_the_order_in_which_they_are_read():
    later = (replace(one, group_id=300 + one.group_id) for one in past(3, label="Kestrel Gables"))
    homes = (*past(3, label="Harbour Thimbles"), *later)
    for order in (homes, homes[::-1]):
        judged = judge(arrival(shown(label="Harbour Kestrel"), history=order))
        assert "shares the word 'kestrel'" in part(judged, "who_delivered").because


def test_what_a_partner_leads_is_the_partners_in_writers_and_ties():
    line = Line("c", "© 2026 Tam", line_key("© 2026 Tam"))
    tie = Shared("line", "guldentidemedia", frozenset({2, 3}), frozenset({5, 6}), 3, 3.0)
    written = tuple(replace(one, credits=(*one.credits, Credit("Orla Venn", "orlavenn", "composer"))) for one in past())
    joint = shown(label="Gulden Tide Media", guests=("Tam",))
    joint = replace(joint, credits=(*joint.credits, Credit("Zyx Qua", "zyxqua", "composer")))
    alone = judge(arrival(joint, history=written, shared=(tie,)))
    led = judge(arrival(replace(joint, lines=(*joint.lines, line)), history=written, shared=(tie,)))
    assert part(alone, "strange_writers").bits > 2
    assert part(led, "strange_writers").bits == 0
    assert 0 < part(led, "shared_line").bits < 0.5 * part(alone, "shared_line").bits


def test_other_weights_count_for_a_while_and_only_those_that_there_are():
    before = judge(arrival(FOREIGN)).bits
    with weights.instead(other_weights(["code.new_country=9"])):
        assert judge(arrival(FOREIGN)).bits == before + 8
    assert judge(arrival(FOREIGN)).bits == before
    for wrong in ("code.new_country", "code.new_country=nan", "code.new_country=1e9"):
        with pytest.raises(weights.NoSuchWeight):
            other_weights([wrong])
    with pytest.raises(weights.NoSuchWeight), weights.instead({"no.such": 1.0}):
        pass


def test_an_artist_who_writes_for_another_is_no_ghost_writer():
    tie = Shared("writer", "Orla Venn", frozenset({2}), frozenset({5}), 2, 3.0)
    assert part(judge(arrival(shared=(tie,))), "shared_writer").bits == 0
    assert part(judge(arrival(shared=(replace(tie, value="Zyx Qua"),))), "shared_writer").bits > 0


def test_a_disguised_page_is_a_case_and_a_namesake_with_a_public_is_none():
    assert judge(look_alike()).opens
    page = replace(look_alike().findings[0].page, name="Orla Venn", followers=50_000, release_count=40)
    assert not judge(look_alike("Orla Venn", page=page)).opens
    elsewhere = Referred("musicbrainz", "elsewhere", "Orla Venn (Norwegian fiddler)", NOW)
    assert not judge(look_alike(references=(elsewhere,))).opens


def test_a_record_of_two_on_the_label_of_one_is_no_meeting_of_victims():
    both = shown(label="Gulden Tide Media", isrcs=("QZXY92600001",))
    both = replace(both, credits=(*both.credits, Credit("Ilva", "ilva", "main", artist_id=2)))
    homes = Surroundings(500, (), frozenset({line_key("Gulden Tide Media")}))
    strangers, partners = judge(arrival(both)), judge(arrival(both, surroundings=replace(homes, homes=frozenset())))
    assert part(strangers, "two_victims_together").bits == WEIGHTS["company.victims"].bits
    home = judge(arrival(both, surroundings=homes))
    assert part(home, "two_victims_together").bits == 0
    assert home.bits < partners.bits - WEIGHTS["company.victims"].bits - 1


def test_a_page_that_a_store_split_off_is_not_loud_and_one_with_only_a_forged_line_is():
    page = replace(look_alike().findings[0].page, name="Orla Venn", followers=30, release_count=1)
    split = judge(look_alike("Orla Venn", page=page, releases=(shown(),)))
    assert split.bits < score.ALERT_AT
    forged = shown(isrcs=("QZXY92600001",))
    assert judge(look_alike("Orla Venn", page=page, releases=(forged,))).bits > score.ALERT_AT
    mixed = judge(look_alike("Orla Venn", page=page, releases=(shown(), forged)))
    assert mixed.bits == split.bits - WEIGHTS["page.home_whole"].bits


def test_a_name_that_many_bear_goes_quiet():
    many = replace(look_alike("Orla Venn"), artist=replace(ORLA, namesakes=30))
    assert judge(many).bits < judge(look_alike("Orla Venn")).bits - 5
    assert not judge(many).opens


def test_an_official_release_that_goes_is_an_event_and_a_redelivery_is_not():
    event = arrival(past()[3])
    lost = replace(event.findings[0], removed_at=NOW, missing_since=NOW - timedelta(days=2))
    gone = replace(event, kind="disappearance", findings=(lost,), past=past()[:3])
    assert judge(gone).opens
    again = replace(past()[3], group_id=500)
    assert not judge(replace(gone, past=(*gone.past, again))).opens
    assert not judge(replace(gone, coverage_gap=True)).opens


def test_the_cut_lets_through_as_many_false_alerts_as_the_budget_allows():
    quiet = [float(n) for n in range(100)]
    cut = alert_cut(quiet, artist_weeks=1000, budget=1)
    assert sum(bits >= cut for bits in quiet) == 10
    assert score.expected_alerts(quiet, 1000, cut) == pytest.approx(1.0)
    assert alert_cut(quiet, artist_weeks=10**6, budget=1) == score.LEAST
    assert alert_cut([], artist_weeks=20, budget=1) == score.ALERT_AT
