"""What the console shows beyond the store of benchmarks/scale: live questions, looks, campaigns, decisions, answers."""

import json
import zlib
from collections.abc import Callable

from sqlalchemy import Engine, insert, text

from benchmarks.scale import store as scale
from benchmarks.scale.sql import NOW, Maker
from benchmarks.scale.store import Sizes
from storage.models import payload

CAMPAIGNS, RAW, CROWDED, CROWDED_ARTIST = 800, 2_000, 100, 8
LOOKS_EACH, EVERY_DAYS = 9, 3
STATUSES = ("confirmed", "takedown_requested", "gone", "watching", "returned")  # of some of the decided, in turn


def sizes(releases: int, cases: int, artists: int) -> Sizes:
    """Say how large a store with so many releases and so many undecided cases is."""
    return Sizes(artists, 8, releases, releases, releases // 5, cases * 5 // 4)


def build(engine: Engine, of: Sizes, tell: Callable[[str], None]) -> None:
    """Fill an empty database."""
    scale.build(engine, of, tell, _statuses, _campaigns, _live, _raw)


def _statuses(maker: Maker, of: Sizes) -> None:
    def run(statement: str) -> None:
        maker.connection.execute(text(statement))

    of_turn = " ".join(f"WHEN {n} THEN '{status}'" for n, status in enumerate(STATUSES))
    run(
        f"""UPDATE suspect_case SET bits = score * 10 - 5, attack = substr('ABCDEFHK', CAST(id % 8 + 1 AS INTEGER), 1),
        origin = CASE WHEN id % 7 = 0 THEN 'census' ELSE 'news' END,
        artist_id = CASE WHEN id % {CROWDED} = 3 THEN {CROWDED_ARTIST} ELSE artist_id END,
        status = CASE WHEN status = 'cleared' AND id % 4 = 0 THEN CASE id / 20 % 5 {of_turn} END ELSE status END"""
    )
    run(
        "UPDATE verdict SET decision = 'takedown' WHERE case_id IN"
        " (SELECT id FROM suspect_case WHERE status IN ('confirmed', 'takedown_requested', 'gone'))"
    )
    run(
        f"UPDATE finding SET removed_at = {maker.ago('1')} WHERE case_id IN"
        " (SELECT id FROM suspect_case WHERE status = 'gone')"
    )
    maker.insert(
        "case_history",
        "case_id, at, event, status, score, rule_version, note",
        "SELECT id, opened_at, 'opened', 'open', score, '1', '' FROM suspect_case",
    )
    maker.insert(
        "case_history",
        "case_id, at, event, status, score, rule_version, note",
        "SELECT id, changed_at, 'status', status, score, '1', 'ana' FROM suspect_case WHERE status <> 'open'",
    )
    tied = min(of.listings, 400_000) // 2
    maker.insert(
        "release_tie",
        "release_a, release_b, basis, value, tied_at",
        f"SELECT i * 2 + 1, i * 2 + 2, 'gtin', 'both', {maker.ago('300')} FROM {maker.series(tied)} s",
    )


def _campaigns(maker: Maker, of: Sizes) -> None:
    maker.insert(
        "campaign",
        "id, key, ties, opened_at, changed_at",
        f"""SELECT i + 1, 'line ' || i, '["line: label ' || i || ' (9)"]', {maker.ago("300")}, {maker.ago("i % 90")}
            FROM {maker.series(CAMPAIGNS)} s""",
    )
    maker.connection.execute(text(f"UPDATE suspect_case SET campaign_id = id / 10 % {CAMPAIGNS} + 1 WHERE id % 10 = 0"))
    maker.after_ids("campaign")


def _live(maker: Maker, of: Sizes) -> None:
    """Make the live questions, the lists of official pages, and what was heard of each in the last weeks."""
    first = maker.connection.scalar(text("SELECT max(id) FROM target"))
    page = "FROM profile p JOIN standing s ON s.profile_id = p.id WHERE s.standing = 'official'"
    maker.insert(
        "target",
        "id, platform, ask, subject, priority, due_at, added_at, last_look_at, last_outcome, last_complete_at,"
        " baseline_at, failures",
        f"""SELECT {first} + p.id, p.platform, 'releases', p.platform_id, 5, {maker.ago("-(p.id % 5)")},
            {maker.ago("400")}, {maker.ago("p.id % 3")}, 'complete', {maker.ago("p.id % 40")}, {maker.ago("399")},
            CASE WHEN p.id % 50 = 0 THEN 2 ELSE 0 END {page}""",
    )
    maker.insert("watch", "target_id, artist_id", f"SELECT {first} + p.id, s.artist_id {page}")
    maker.insert(
        "look",
        "target_id, started_at, ended_at, outcome, pages, received, stop_reason, cost, blind, worker",
        f"""SELECT {first} + p.id, {maker.ago(f"i * {EVERY_DAYS}")}, {maker.ago(f"i * {EVERY_DAYS}")},
            CASE WHEN p.id % 17 = i THEN 'throttled' ELSE 'complete' END, 2, 60, 'end of list', 2, 'isrc', 'host:1:a'
            FROM {maker.series(LOOKS_EACH)} n CROSS JOIN profile p JOIN standing s ON s.profile_id = p.id
            WHERE s.standing = 'official' ORDER BY n.i DESC, p.id""",
    )
    maker.insert(
        "odd_row",
        "target_id, what, reason, raw, digest, times, first_seen_at, last_seen_at",
        f"""SELECT id, 'entry 3', 'title: a text was expected', '{{}}', 'd', 2, {maker.ago("9")}, {maker.ago("1")}
            FROM target WHERE due_at IS NOT NULL AND id % 20 = 0""",
    )
    maker.insert(
        "budget",
        "platform, bucket, holder, next_at, hours",
        "SELECT DISTINCT platform, '', 'here', 1764000000, '{}' FROM profile",
    )
    maker.after_ids("target")


def _raw(maker: Maker, of: Sizes) -> None:
    """Keep the raw answers of the first cases."""
    body = json.dumps({"tracks": [{"title": f"Song {n}", "isrc": f"QZABC{n:07}"} for n in range(300)]}).encode()
    row = {"platform": "deezer", "size": len(body), "content_type": "application/json"}
    row |= {"first_seen_at": NOW, "last_seen_at": NOW}
    rows = [{"hash": f"{n:064}", "body": zlib.compress(body), **row} for n in range(1, RAW + 1)]
    maker.connection.execute(insert(payload), rows)
    maker.insert(
        "look_payload",
        "look_id, position, hash, url, status",
        f"SELECT i + 1, 0, {maker.padded('i + 1', 64)}, 'https://x.example/r' || i, 200 FROM {maker.series(RAW)} s",
    )
