"""What others have to do with it: partners, guests and whoever bears a name weigh as what they are."""

from dataclasses import replace

from crawler.suspicion.score import judge
from crawler.suspicion.traits import traits_of
from crawler.suspicion.weights import WEIGHTS
from storage.facts.values import Credit
from tests.making import ORLA, arrival, look_alike, past, shown


def part(judged, signal):
    return next(p for p in judged.parts if p.signal == signal)


def test_one_of_several_names_in_a_text_says_less_than_the_name_and_is_no_disguise():
    page = look_alike("Ilva & Orla Venn")
    met = replace(page.resembled[0], kinds=("exact", "embedded"), whole=False)
    alone = replace(met, text="Orla Venn Archive")
    joint, more = (part(judge(replace(page, resembled=(one,))), "resembles_the_name") for one in (met, alone))
    assert joint.bits == more.bits + WEIGHTS["name.joint"].bits
    assert {w.weight for w in more.weights} == {"name.likeness", "name.part"}


def test_a_song_that_is_called_as_the_artist_is_says_less_than_a_name_that_is():
    page = look_alike("Orla Venn")
    titled = replace(page.resembled[0], where="title")
    named, song = judge(page), judge(replace(page, resembled=(titled,)))
    assert song.bits == named.bits + WEIGHTS["name.title"].bits


def test_a_page_that_lists_a_release_of_both_copies_no_titles():
    own = tuple(replace(one, title=f"Low Ceilings Again {one.group_id}") for one in past())
    copied = tuple(replace(one, group_id=700 + one.group_id) for one in own[:3])
    page = replace(look_alike("Ilva"), past=own)
    assert part(judge(replace(page, releases=own[:3])), "titles_of_the_artist").bits == 0
    assert part(judge(replace(page, releases=copied)), "titles_of_the_artist").bits > 0


def test_a_store_that_tells_guests_apart_outweighs_one_that_calls_everybody_main():
    one = shown(label="Gulden Tide Media", isrcs=("QZXY92600001",), guests=("Ilva",))
    main = Credit("Orla Venn", "orlavenn", "main", artist_id=1)
    assert traits_of(replace(one, credits=(main,)), ORLA).leads
    assert traits_of(replace(one, credits=(main, replace(main, role="featured"))), ORLA).leads is False


def test_who_leads_a_guest_appearance_is_named_as_untold_where_no_store_says_it():
    guest = shown(label="Gulden Tide Media", role="appears_on", credits=())
    asked = part(judge(arrival(guest)), "credited_by_a_stranger")
    assert (asked.state, asked.missing, asked.high) == ("blind", ("leader",), WEIGHTS["stranger.nobody"].bits)
    assert part(judge(arrival(shown())), "credited_by_a_stranger").state == "quiet"


def test_an_and_within_the_name_itself_names_nobody_beside_it():
    page = look_alike("ORLA & VENN Archive")
    met = replace(page.resembled[0], met="Orla & Venn", kinds=("case", "embedded"), whole=False)
    for text, joint in (("ORLA & VENN Archive", False), ("0rla & Venn Archive", False), ("Ilva & ORLA & VENN", True)):
        told = part(judge(replace(page, resembled=(replace(met, text=text),))), "resembles_the_name")
        assert ("named beside it" in told.because) is joint, text
