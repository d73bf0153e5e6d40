"""Hostile text is stored everywhere, cleaned of what no database can hold, and the cleaning is told."""

import pytest

from storage.models import change, profile, track
from storage.observations import (
    Absent,
    AiSeen,
    CreditSeen,
    IdentitySeen,
    LineSeen,
    LinkSeen,
    Payload,
    ProfileSeen,
    Redirected,
    ReleaseSeen,
    TrackSeen,
)
from storage.recording.rows import Unfolded
from storage.targets import Ask, Target
from tests.say import catalogue, rows, say, told

HOSTILE = [
    "nul\x00inside",
    "lone\ud800surrogate",
    "\udfff",
    "right\u202eto left \u2066x",
    "\x1b[31mred\x07",
    "x" * 1_000_000,
    "🎵" * 5_000,
    "' OR 1=1; --",
    "%s ? :name {x}",
    "\\N\t\\.\n",
    "\uffff\ufffe",
    "",
]


@pytest.mark.parametrize("nasty", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_everywhere_is_stored_and_its_cleaning_recorded(engine, nasty):
    huge = 10**30
    look_ = told(
        Target("deezer", Ask.SEARCH, nasty, nasty[:100], nasty[:100]),
        ProfileSeen("p" + nasty, nasty, nasty, nasty, huge, huge, (nasty, nasty), nasty, nasty, (nasty,), nasty, nasty),
        ProfileSeen("q", nasty, links=(LinkSeen(nasty, nasty),), position=huge),
        ReleaseSeen(
            "r" + nasty,
            nasty,
            *(nasty, nasty, nasty, nasty, nasty, huge, None, (nasty,), (LineSeen(nasty, nasty),)),
            credits=(CreditSeen(nasty, nasty, nasty), CreditSeen(nasty, None, nasty)),
            markets=(nasty,),
            ai=AiSeen(nasty, nasty),
            listed_on=nasty,
            section=nasty,
            status=nasty,
        ),
        TrackSeen(
            "t" + nasty,
            nasty,
            "r" + nasty,
            *(nasty, huge, huge, -huge, nasty, True, nasty),
            credits=(CreditSeen(nasty),),
            markets=(nasty,),
            ai=AiSeen(nasty, nasty),
        ),
        IdentitySeen(nasty, "m" + nasty, nasty, nasty),
        Redirected(nasty, nasty),
        Absent(nasty, nasty),
        payloads=(Payload(nasty, 200, nasty.encode("utf-8", "surrogatepass"), nasty),),
        expected=huge,
        received=huge,
        stop_reason=nasty,
        resume=nasty,
    )
    say(engine, look_)
    before = catalogue(engine)
    say(engine, look_)
    assert catalogue(engine) == before
    assert all(row.followers is None for row in rows(engine, profile))
    faults = {row.after for row in rows(engine, change) if row.field == "cleaned"}
    assert "followers: a number too large to keep" in faults
    if "\x00" in nasty:
        assert "title: NUL" in faults
    if "\ud800" in nasty:
        assert "title: lone surrogates" in faults
    if len(nasty) == 1_000_000:
        assert "title: over-long (1000000 characters)" in faults


def test_a_number_is_kept_as_far_as_its_column_reaches(engine):
    small, whole, big = 2**15 - 1, 2**31 - 1, 2**63 - 1
    for at, more in enumerate((0, 1)):
        song = TrackSeen("t", "Song", "r", disc=small + more, position=whole + more, duration_ms=whole + more)
        page = ProfileSeen("p", "Ada", followers=big + more, release_count=whole + more)
        say(engine, told(Target("deezer", Ask.PROFILE, "p"), page, song, at=at))
        (kept,), (sung,) = rows(engine, profile), rows(engine, track)
        assert (kept.followers, kept.release_count) == (big, whole)  # nothing told overwrites nothing
        assert (sung.disc, sung.position, sung.duration_ms) == (small, whole, whole)


def test_places_in_a_list_of_credits_end_where_their_column_does():
    last = 2**15 - 1
    credits = tuple(CreditSeen(f"Singer {n}", f"p{n}") for n in range(last + 3))
    unfolded = Unfolded()
    unfolded.take([ReleaseSeen("r", "Choir", credits=credits)])
    places = [row[0] for row in unfolded.credits["r", None].values()]
    assert places == [*range(last), last, last, last]
