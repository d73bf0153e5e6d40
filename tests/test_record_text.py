"""Hostile text is stored everywhere, cleaned of what no database can hold, and the cleaning is told."""

import pytest

from storage.models import change, profile
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
