"""An artist added later is met in what is already stored: every name, title and credit, in batches."""

from storage.facts.stored_texts import piece, share_read
from storage.latecomers import Cursor
from storage.observations import CreditSeen, ProfileSeen, TrackSeen
from storage.targets import Ask, Target
from tests.say import release, say, told

VARIOUS, BAND = CreditSeen("Various Artists", "va"), CreditSeen("Ada Quill Tribute Band")


def tribute(at=0, credits=(VARIOUS, BAND)):
    asked = Target("deezer", Ask.RELEASE, "r1")
    songs = (
        TrackSeen("t1", "Tribute to Ada Quill", "r1"),
        TrackSeen("t2", "Quill's Song", "r1", credits=(CreditSeen("A. Quill", "p9", "featured"),)),
    )
    return told(asked, release(1, title="Tribute to Ada Quill", listed_on=None, credits=credits), *songs, at=at)


def pieces(engine, since=None, **more):
    """Every piece with the cursor behind it, to the end."""
    found, cursor = [], since or Cursor()
    with engine.connect() as connection:
        while cursor is not None:
            cursor, batch = piece(connection, cursor, **more)
            found.append((cursor, batch))
    return found


def texts(engine, since=None, **more):
    return [one for _, batch in pieces(engine, since, **more) for one in batch]


def test_names_titles_and_credits_without_a_profile_are_all_there(engine):
    say(engine, told(Target("deezer", Ask.PROFILE, "p9"), ProfileSeen("p9", "Ada Quill")), tribute(at=1))
    assert [(one.kind, one.text, one.platform) for one in texts(engine)] == [
        ("name", "Ada Quill", "deezer"),
        ("name", "Various Artists", "deezer"),
        ("title", "Tribute to Ada Quill", "deezer"),
        ("title", "Quill's Song", "deezer"),
        ("credit", "Ada Quill Tribute Band", "deezer"),
        ("credit", "A. Quill", "deezer"),
    ]
    without = texts(engine)[4]
    assert (without.profile_id, without.release_id, without.track_id) == (None, 1, None)


def test_what_ended_is_not_met_again(engine):
    say(engine, tribute(), tribute(at=1, credits=(VARIOUS,)))
    assert "Ada Quill Tribute Band" not in {one.text for one in texts(engine)}


def test_a_reader_goes_on_where_it_was_interrupted(engine):
    say(engine, tribute())
    whole = texts(engine)
    batches = pieces(engine, size=1)
    assert [one for _, batch in batches for one in batch] == whole
    read = 0
    for cursor, batch in batches[:-1]:
        read += len(batch)
        assert texts(engine, since=cursor, size=2) == whole[read:]


def test_a_reader_stops_where_another_stands(engine):
    say(engine, tribute())
    with engine.connect() as connection:
        assert piece(connection, Cursor("track", 0), 10, Cursor("track", 1))[0] == Cursor("track", 1)
        assert piece(connection, Cursor("track", 1), 10, Cursor("track", 1)) == (Cursor("track", 1), [])
        assert share_read(connection, Cursor()) == 0
        assert 0 < share_read(connection, Cursor("track", 1)) < 1


def test_an_empty_store_has_no_batches(engine):
    assert texts(engine) == []
