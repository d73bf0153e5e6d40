"""The cases of the store: the one part that knows their tables."""

from benchmarks.scale.sql import Maker


def fill(maker: Maker, cases: int, artists: int, profiles: int, releases: int) -> None:
    """Open cases, decide a fifth of them, and write a document for each."""
    signals = ", ".join(
        f'{{"signal": "s{n}", "state": "fired", "strength": 0.5, "reason": "why", "because": "said"}}' for n in range(6)
    )
    maker.insert(
        "suspect_case",
        "id, key, kind, artist_id, profile_id, release_id, role, status, score_low, score_high, rule_version, evidence,"
        " opened_at, changed_at",
        f"""SELECT i + 1, 'new:' || i, 'new_on_official_profile', (i % {profiles}) % {artists} + 1, i % {profiles} + 1,
            i % {releases} + 1, 'main', CASE WHEN i % 5 = 0 THEN 'decided' ELSE 'open' END,
            (i * 7919 % 1000) / 1000.0, (i * 7919 % 1000) / 1000.0 + 0.2, '1', '[{signals}]',
            {maker.ago("i % 300 + 1")}, {maker.ago("i % 300")} FROM {maker.series(cases)} s""",
    )
    maker.insert(
        "verdict",
        "id, case_id, decision, authority, note, decided_at",
        f"""SELECT i + 1, i * 5 + 1, 'legitimate', 'ana@label.example', 'ours', {maker.ago("i % 300")}
            FROM {maker.series(cases // 5)} s""",
    )
    maker.insert(
        "outbox",
        "id, position, case_id, event, idempotency_key, document, written_at",
        f"""SELECT i + 1, i + 1, i + 1, 'opened', 'case-' || (i + 1) || '-1', '{{"signals": [{signals}]}}',
            {maker.ago("i % 300")} FROM {maker.series(cases)} s""",
    )
    maker.after_ids("suspect_case", "verdict", "outbox")
