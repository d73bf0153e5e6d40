"""Who is who across imports: by MBID, profile, then name; corrections withdraw, namesakes stay two, nobody is lost."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, insert, select

from crawler.feed import candidates
from crawler.roster import importing
from crawler.roster.file import BadRoster, read_roster
from storage import cases, frontier, merging, roster
from storage.database import writing
from storage.detections import Opinion
from storage.facts import bindings, roll
from storage.frontier import Wanted
from storage.models import (
    artist,
    case,
    case_history,
    metadata,
    outbox,
    profile,
    roster_change,
    standing,
    target,
    verdict,
    watch,
)
from storage.roster import Standing
from storage.targets import Ask, Target
from tests.opened import page_case

NOW = datetime(2026, 3, 2, tzinfo=UTC)
M1 = "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9"
M2 = "1f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9"


@pytest.fixture
def take(tmp_path, engine):
    """Import a roster given as text."""

    def run(text, replace=False):
        path = tmp_path / "roster.csv"
        path.write_text(text, encoding="utf-8")
        with writing(engine) as connection:
            return importing.keep(connection, read_roster(path), NOW, replace=replace)

    return run


@pytest.fixture
def official(engine):
    """Map each artist's name to the official pages."""

    def look():
        with engine.connect() as connection:
            rows = connection.execute(
                select(artist.c.name, profile.c.platform, profile.c.platform_id)
                .select_from(standing)
                .join(artist, artist.c.id == standing.c.artist_id)
                .join(profile, profile.c.id == standing.c.profile_id)
                .where(standing.c.standing == "official")
            )
            return sorted(f"{row[0]} {row[1]} {row[2]}" for row in rows)

    return look


def artists(engine):
    with engine.connect() as connection:
        rows = connection.execute(select(artist).where(artist.c.merged_into.is_(None)).order_by(artist.c.id))
        return {row.id: (row.key, row.name, row.mbid, row.watched) for row in rows}


def refused(take, text):
    with pytest.raises(BadRoster) as caught:
        take(text)
    return "\n".join(caught.value.faults)


def test_an_mbid_that_comes_later_belongs_to_the_artist_that_is_there(take, engine):
    take("name,deezer\nAda Quill,1\n")
    ((first, before),) = artists(engine).items()
    assert take(f"name,mbid\nAda Quill,{M1}\n").added == 0
    assert artists(engine) == {first: (before[0], "Ada Quill", M1, True)}


def test_a_rename_is_recognised_by_mbid_and_by_profile_and_keeps_the_key(take, engine):
    take(f"name,mbid,deezer\nAda Quill,{M1},1\n")
    ((_, before),) = artists(engine).items()
    take(f"name,mbid\nADA QUILL,{M1}\n")
    done = take("name,deezer\nQuill the Second,1\n")
    ((_, after),) = artists(engine).items()
    assert after == (before[0], "Quill the Second", M1, True)
    assert "'ADA QUILL' is now called 'Quill the Second'" in done.notes
    with engine.connect() as connection:
        ((_, _, aliases, _),) = bindings.monitored(connection)
    assert aliases == ("ADA QUILL",)


def test_a_new_mbid_replaces_the_old_one_and_takes_what_only_that_one_said(take, engine, official):
    take(f"name,mbid,deezer\nAda Quill,{M1},1\n")
    with writing(engine) as connection:
        (artist_id,) = artists(engine)
        linked = Standing(artist_id, "itunes", "77", "official", "musicbrainz", "Ada Quill", "MusicBrainz links it")
        roster.keep_standings(connection, [linked], NOW)
    done = take(f"name,mbid\nAda Quill,{M2}\n")
    assert official() == ["Ada Quill deezer 1", f"Ada Quill musicbrainz {M2}"]
    assert f"'Ada Quill': the MBID {M1} is replaced by {M2}" in done.notes


def test_a_corrected_profile_is_withdrawn_kept_in_history_and_no_longer_asked(take, engine, official):
    take("name,deezer\nAda Quill,1\n")
    (artist_id,) = artists(engine)
    with writing(engine) as connection:
        lists = Target("deezer", Ask.RELEASES, "1", "albums")
        frontier.want(connection, [Wanted(lists, NOW, 3, (artist_id,))], NOW)
    done = take("name,deezer\nAda Quill,2\n")
    assert official() == ["Ada Quill deezer 2"]
    assert done.withdrawn == 1
    assert "'Ada Quill': deezer 1 is no longer official (it was, by roster)" in done.notes
    with engine.connect() as connection:
        kept = connection.execute(select(roster_change).where(roster_change.c.what == "standing")).one()
        assert (kept.subject, kept.before, kept.after) == ("deezer:1", "official by roster", None)
        assert connection.scalar(select(target.c.due_at)) is None
        assert connection.scalar(select(func.count()).select_from(watch)) == 0
    take("name,deezer\nAda Quill,1\n")
    with writing(engine) as connection:
        frontier.want(connection, [Wanted(lists, NOW, 3, (artist_id,))], NOW)
        assert connection.scalar(select(target.c.due_at)) == NOW
    assert official() == ["Ada Quill deezer 1"]


def test_swapped_profiles_are_swapped_back(take, engine, official):
    take("name,deezer\nAda Quill,1\nBo Lund,2\n")
    before = artists(engine)
    done = take("name,deezer\nAda Quill,2\nBo Lund,1\n")
    assert official() == ["Ada Quill deezer 2", "Bo Lund deezer 1"]
    assert artists(engine) == before
    assert (done.added, done.withdrawn) == (0, 2)


def test_swapped_mbids_are_swapped_back(take, engine):
    take(f"name,mbid,deezer\nAda Quill,{M1},1\nBo Lund,{M2},2\n")
    take(f"name,mbid,deezer\nAda Quill,{M2},1\nBo Lund,{M1},2\n")
    assert {name: mbid for _, name, mbid, _ in artists(engine).values()} == {"Ada Quill": M2, "Bo Lund": M1}


def test_a_profile_that_another_artist_of_the_store_has_is_refused_with_both_named(take, official):
    take("name,deezer\nAda Quill,1\nBo Lund,2\n")
    said = refused(take, "name,deezer\nAda Quill,\nCy Marr,1|3\n")
    assert "roster.csv:line 3" in said
    assert "deezer profile 1 is official for 'Ada Quill' (by roster) and given to 'Cy Marr' here" in said
    assert official() == ["Ada Quill deezer 1", "Bo Lund deezer 2"]


def test_what_an_analyst_decided_is_not_handed_over_by_a_file(take, engine):
    take("name,deezer\nAda Quill,1\nBo Lund,2\n")
    with writing(engine) as connection:
        ids = {name: i for i, (_, name, _, _) in artists(engine).items()}
        roster.keep_standings(
            connection, [Standing(ids["Ada Quill"], "deezer", "1", "official", "analyst", "Ada Quill")], NOW
        )
    said = refused(take, "name,deezer\nAda Quill,5\nBo Lund,1\n")
    assert "official for 'Ada Quill' (by analyst)" in said


def test_a_joint_page_is_declared_in_both_rows(take, official):
    assert "write joint:9 in both" in refused(take, "name,deezer\nAda Quill,1|9\nBo Lund,2|joint:9\n")
    take("name,deezer\nAda Quill,1|joint:9\nBo Lund,2|joint:9\n")
    assert official() == ["Ada Quill deezer 1", "Ada Quill deezer 9", "Bo Lund deezer 2", "Bo Lund deezer 9"]
    again = take("name,deezer\nAda Quill,1|joint:9\nBo Lund,2|joint:9\n")
    assert (again.changed, again.profiles, again.withdrawn, again.notes) == (0, 0, 0, ())
    assert "joint:1" in refused(take, "name,deezer\nAda Quill,\nCy Marr,joint:1\n")


@pytest.mark.parametrize(("one", "other"), [("Mira", "Mira"), ("AC/DC", "ACDC")])
def test_two_namesakes_with_different_profiles_are_two_artists(take, engine, official, one, other):
    text = f"name,deezer\n{one},1\n{other},2\n"
    assert take(text).added == 2
    again = take(text)
    assert (again.added, again.changed, again.profiles, again.withdrawn) == (0, 0, 0, 0)
    done = take(f"name,deezer\n{one},1\n{other},3\n")
    assert done.added == 0
    assert official() == sorted([f"{one} deezer 1", f"{other} deezer 3"])
    assert len(artists(engine)) == 2


def test_namesakes_that_nothing_tells_apart_are_refused(take):
    assert "in the file twice" in refused(take, "name,deezer,spotify\nMira,1,\nMira,,0000000000000000000001\n")
    take("name,deezer\nMira,1\nMira,2\n")
    said = refused(take, "name\nMira\n")
    assert "2 artists are called 'Mira'" in said
    assert "deezer 1" in said
    assert "deezer 2" in said


def test_a_namesake_of_whom_nothing_agrees_is_a_new_artist_and_that_is_said(take, engine):
    take(f"name,mbid,deezer\nMira,{M1},1\n")
    done = take(f"name,mbid,deezer\nMira,{M2},2\n")
    assert done.added == 1
    assert any("a new artist beside" in note for note in done.notes)
    assert done.left_out == ("Mira",)


def test_a_sign_in_the_name_with_other_profiles_is_another_artist(take, engine):
    take("name,deezer\nAC/DC,1\n")
    assert take("name,deezer\nACDC,2\n").added == 1
    assert take("name,deezer\nAC⚡DC,1\n").added == 0


def test_a_dropped_row_changes_nothing_and_is_said(take, engine):
    take("name,deezer\nAda Quill,1\nBo Lund,2\n")
    before = artists(engine)
    done = take("name,deezer\nAda Quill,1\n")
    assert done.left_out == ("Bo Lund",)
    assert done.stopped == ()
    assert artists(engine) == before


def test_a_replacing_import_stops_watching_who_is_left_out_and_a_later_one_starts_again(take, engine, official):
    take("name,aliases,deezer\nAda Quill,Quill,1\nBo Lund,,2\n")
    ids = {name: i for i, (_, name, _, _) in artists(engine).items()}
    with writing(engine) as connection:
        wanted = [Wanted(Target("deezer", Ask.SEARCH, "Bo Lund"), NOW, 3, (ids["Bo Lund"],))]
        frontier.want(connection, wanted, NOW)
    done = take("name,aliases,deezer\nAda Quill,,1\n", replace=True)
    assert done.stopped == (ids["Bo Lund"],)
    assert official() == ["Ada Quill deezer 1", "Bo Lund deezer 2"]
    with engine.connect() as connection:
        assert bindings.monitored(connection) == ((ids["Ada Quill"], "Ada Quill", (), 1.0),)
        assert connection.scalar(select(target.c.due_at)) is None
    again = take("name,aliases,deezer\nAda Quill,Quill,1\nBo Lund,,2\n")
    assert (again.added, "'Bo Lund' is watched again" in again.notes) == (0, True)
    with engine.connect() as connection:
        assert [row[1:3] for row in bindings.monitored(connection)] == [("Ada Quill", ("Quill",)), ("Bo Lund", ())]


def test_corrected_aliases_and_claims_are_withdrawn_and_empty_cells_change_nothing(take, engine):
    take("name,aliases,labels\nAda Quill,Quil|A. Quill,Ninth Room\n")
    take("name,aliases,labels\nAda Quill,Quill|A. Quill,\n")
    with engine.connect() as connection:
        ((_, _, aliases, _),) = bindings.monitored(connection)
        (known,) = roll.roll(connection)
    assert aliases == ("A. Quill", "Quill")
    assert known.claims == (("label", "Ninth Room"),)
    take("name,aliases,labels\nAda Quill,Quil,Tenth Room\n")
    with engine.connect() as connection:
        ((_, _, aliases, _),) = bindings.monitored(connection)
        (known,) = roll.roll(connection)
        whats = connection.scalars(select(roster_change.c.what)).all()
    assert aliases == ("Quil",)
    assert known.claims == (("label", "Tenth Room"),)
    assert whats.count("alias") == 3
    assert whats.count("claim") == 1


def test_two_rows_of_an_old_store_that_are_one_artist_are_merged_with_cases_and_verdicts(take, engine, official):
    """An earlier version made two artists of one: by name, and by MBID."""
    with writing(engine) as connection:
        monitored = [roster.Monitored("adaquill", "Ada Quill", None, 1.0, ("Quill",), ())]
        monitored.append(roster.Monitored(M1, "Ada Quill", M1, 2.0, (), ()))
        ids, _ = roster.keep_artists(connection, monitored, NOW)
        old, new = ids["adaquill"], ids[M1]
        roster.keep_standings(connection, [Standing(old, "deezer", "1", "official", "roster", "Ada Quill")], NOW)
        other = Standing(new, "deezer", "9", "proposed", "search", "Ada Quill")
        roster.keep_standings(connection, [other], NOW)
        page, another = connection.scalars(select(profile.c.id).order_by(profile.c.id)).all()
        twin, kept = (page_case(connection, artist_id, page, NOW) for artist_id in (old, new))
        only = page_case(connection, old, another, NOW)
        cases.decide(connection, twin, Opinion("legitimate", "ana", ""), NOW, status="cleared")
        candidates.tell(connection, [(case_id, "opened") for case_id in (twin, kept, only)], NOW)
        target_of_old = Wanted(Target("deezer", Ask.SEARCH, "Ada Quill"), NOW, 3, (old,))
        frontier.want(connection, [target_of_old], NOW)
        frontier.mark(connection, "deezer", {old: "x", new: "y"})
    done = take(f"name,mbid,deezer\nAda Quill,{M1},1\n")
    assert any("was kept as two artists" in note for note in done.notes)
    assert artists(engine) == {new: (M1, "Ada Quill", M1, True)}
    assert official() == ["Ada Quill deezer 1", f"Ada Quill musicbrainz {M1}"]
    with engine.connect() as connection:
        rows = {row.id: (row.artist_id, row.status, row.key) for row in connection.execute(select(case))}
        assert rows == {
            twin: (new, "cleared", f"profile:{new}:{page}"),  # the older number stays, whoever's it was
            kept: (new, "merged", f"merged:{kept}"),
            only: (new, "open", f"profile:{new}:{another}"),
        }
        assert connection.scalar(select(verdict.c.case_id)) == twin
        history = select(case_history.c.event, case_history.c.note).where(case_history.c.event == "merged")
        assert tuple(connection.execute(history).one()) == ("merged", f"case {kept} is the same event")
        assert connection.scalar(select(verdict.c.decision)) == "legitimate"
        told = connection.execute(select(outbox.c.case_id, outbox.c.event).order_by(outbox.c.id)).all()
        assert [tuple(row) for row in told] == [
            (twin, "opened"),
            (kept, "opened"),
            (only, "opened"),
            (kept, "withdrawn"),
        ]
        merged = connection.execute(select(artist).where(artist.c.id == old)).one()
        assert (merged.key, merged.merged_into, merged.watched) == ("adaquill", new, False)
        assert [k.id for k in roll.called(connection, "Ada Quill")] == [new]
        assert frontier.marks(connection, "deezer") == {}
        for table in metadata.sorted_tables:
            if "artist_id" in table.c and table.name != "roster_change":
                left = connection.scalar(select(func.count()).select_from(table).where(table.c.artist_id == old))
                assert left == 0, table.name


def test_an_artist_is_not_merged_with_itself(take, engine):
    take("name\nAda Quill\n")
    (one,) = artists(engine)
    with pytest.raises(merging.NotOne), writing(engine) as connection:
        merging.merge(connection, one, one, "roster", "", NOW)


def test_the_revision_grows_with_every_change_and_only_then(take, engine):
    def revision():
        with engine.connect() as connection:
            return roster.revision(connection)

    seen = [revision()]

    def grew(act):
        act()
        seen.append(revision())
        return seen[-1] > seen[-2]

    assert grew(lambda: take("name,aliases,labels,deezer\nAda Quill,Quill,Ninth Room,1\n"))
    assert not grew(lambda: take("name,aliases,labels,deezer\nAda Quill,Quill,Ninth Room,1\n"))
    assert grew(lambda: take("name\nADA QUILL\n"))
    assert grew(lambda: take("name,aliases\nADA QUILL,Quilla\n"))
    assert grew(lambda: take("name,labels\nADA QUILL,Tenth Room\n"))
    assert grew(lambda: take("name,deezer\nADA QUILL,2\n"))
    assert grew(lambda: take("name\nBo Lund\n", replace=True))
    with writing(engine) as connection:
        connection.execute(insert(roster.roster_revision), [{"bumps": 1}] * roster.BUMPS_KEPT)
        before = roster.revision(connection)
        roster.settle_bumps(connection)
        assert roster.revision(connection) == before
        assert connection.scalar(select(func.count()).select_from(roster.roster_revision)) == 1


def test_a_change_that_is_rolled_back_leaves_the_revision(engine):
    with engine.connect() as connection, connection.begin() as transaction:
        roster.bump(connection)
        transaction.rollback()
    with engine.connect() as connection:
        assert roster.revision(connection) == 0
