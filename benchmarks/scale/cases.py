"""Groups of releases and the cases of the store: the one part that knows their tables."""

from benchmarks.scale.sql import Maker

SIGNAL = '{{"signal": "s{n}", "state": "fired", "bits": 0.5, "reason": "why", "because": "said"}}'


def group(maker: Maker, releases: int) -> None:
    """Tie every two releases that follow each other."""
    then = maker.ago("300")
    maker.insert("release_group", "id, made_at", f"SELECT i + 1, {then} FROM {maker.series((releases + 1) // 2)} s")
    maker.insert(
        "grouped_release",
        "release_id, group_id, fold, grouped_at",
        f"SELECT id, (id + 1) / 2, title_key, {then} FROM release",
    )
    maker.after_ids("release_group")


def fill(maker: Maker, cases: int, artists: int, profiles: int, releases: int) -> None:
    """Open cases with a finding each, decide a fifth of them, and write a document for each."""
    signals = ", ".join(SIGNAL.format(n=n) for n in range(6))
    score = "(i * 7919 % 1000) / 1000.0"
    maker.insert(
        "suspect_case",
        "id, key, kind, artist_id, group_id, status, loud, score_low, score, score_high, rule_version, evidence, title,"
        " opened_at, changed_at",
        f"""SELECT i + 1, 'release:' || i, 'release', (i % {profiles}) % {artists} + 1, i % {releases} / 2 + 1,
            CASE WHEN i % 5 = 0 THEN 'cleared' ELSE 'open' END, i % 10 = 0,
            {score} * 0.8, {score}, {score} * 0.8 + 0.2, '1', '[{signals}]', 'Title ' || i,
            {maker.ago("i % 300 + 1")}, {maker.ago("i % 300")} FROM {maker.series(cases)} s""",
    )
    maker.insert(
        "finding",
        "id, case_id, profile_id, release_id, role, first_seen_at",
        f"""SELECT i + 1, i + 1, i % {profiles} + 1, i % {releases} + 1, 'listed', {maker.ago("i % 300 + 1")}
            FROM {maker.series(cases)} s""",
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
    maker.after_ids("suspect_case", "finding", "verdict", "outbox")
