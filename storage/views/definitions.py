"""The analysts' views: plain SQL, the same names and columns on both engines. Their names carry the contract's version.

A column may be added; taking one away or changing its meaning is a new version. No view
speaks of an artist as good or bad: the binding of a release to a profile is the unit.
"""

import re

# What the engines write differently: joining texts, reading epoch seconds, adding up a JSON object's numbers.
WORDS = {
    "sqlite": {
        "JOINED": "group_concat",
        "LAST_LOOK": "look k ON k.id = (SELECT max(id) FROM look WHERE target_id = t.id)",
        "NUMBER": "INTEGER",
        "MOMENT": "NUMERIC",
        "NEXT_CALL": "strftime('%Y-%m-%d %H:%M:%f000', b.next_at, 'unixepoch')",
        "PAUSED": "strftime('%Y-%m-%d %H:%M:%f000', b.paused_until, 'unixepoch')",
        "CALLS": "(SELECT coalesce(sum(value), 0) FROM json_each(b.hours))",
        "DAYS_AFTER_CLAIM": "CAST(julianday(date(l.first_seen_at)) - julianday(r.date) AS INTEGER)",
        "DAYS_TO_REMOVAL": "max(0.0, julianday(f.removed_at) - julianday(v.decided_at))",
    },
    "postgresql": {
        "JOINED": "string_agg",
        # As a condition on the greatest number, it would be looked for among all looks that there ever were.
        "LAST_LOOK": "LATERAL (SELECT * FROM look WHERE target_id = t.id ORDER BY id DESC LIMIT 1) k ON true",
        "NUMBER": "BIGINT",
        "MOMENT": "TIMESTAMPTZ",
        "NEXT_CALL": "to_timestamp(b.next_at)",
        "PAUSED": "to_timestamp(b.paused_until)",
        "CALLS": "(SELECT coalesce(sum(value::bigint), 0)::bigint FROM json_each_text(b.hours::json))",
        "DAYS_AFTER_CLAIM": "CAST((l.first_seen_at AT TIME ZONE 'UTC')::date - r.date AS BIGINT)",
        "DAYS_TO_REMOVAL": "CASE WHEN f.removed_at IS NOT NULL THEN greatest(0.0,"
        " CAST(extract(epoch FROM f.removed_at - v.decided_at) AS DOUBLE PRECISION) / 86400) END",
    },
}


def _line(kind: str) -> str:
    """Write the latest line of one kind that a release shows."""
    return (
        f"(SELECT l.text FROM release_line l WHERE l.release_id = r.id AND l.kind = '{kind}' AND l.gone_at IS NULL "
        "ORDER BY l.last_seen_at DESC, l.id LIMIT 1)"
    )


def _intervals(table: str, alias: str, ended: str) -> tuple[str, str]:
    """Write when a row's presence ended, and the join that gives it once for each time that it came."""
    until = f"""coalesce((SELECT min(c.changed_at) FROM change c WHERE c.entity = '{table}' AND c.entity_id = {alias}.id
        AND c.field = 'removed' AND c.changed_at >= i.known_from),
        CASE WHEN {alias}.{ended} >= i.known_from THEN {alias}.{ended} END)"""
    came = f"""JOIN (
    SELECT id AS of_row, first_seen_at AS known_from FROM {table}
    UNION ALL
    SELECT entity_id, changed_at FROM change WHERE entity = '{table}' AND field = 'returned'
) i ON i.of_row = {alias}.id"""
    return until, came


LISTED_UNTIL, LISTED_SINCE = _intervals("listing", "l", "removed_at")
LINE_UNTIL, LINE_SINCE = _intervals("release_line", "n", "gone_at")

CREDITED = """(SELECT JOINED(c.name, ', ') FROM
    (SELECT name FROM credit WHERE release_id = r.id AND track_id IS NULL AND role = 'main' AND gone_at IS NULL
        ORDER BY position) c)"""

RELEASE = f"""r.title AS title, {CREDITED} AS credited_to, r.kind AS kind, r.status AS status,
    r.date_raw AS date_raw, r.date_precision AS date_precision, r.date AS date, r.gtin14 AS gtin14,
    {_line("label")} AS label, {_line("p")} AS p_line, {_line("c")} AS c_line, r.url AS release_url"""

VIEWS = {
    "v1_new_releases": f"""
SELECT l.first_seen_at AS first_seen_at, a.name AS artist, s.standing AS standing,
    p.platform AS platform, p.platform_id AS profile, p.name AS profile_name, p.url AS profile_url,
    l.section AS section, l.market AS market, r.platform_id AS "release", {RELEASE},
    r.first_seen_at AS release_first_seen_at, DAYS_AFTER_CLAIM AS days_after_claim, l.last_seen_at AS last_seen_at,
    l.missing_since AS missing_since, l.held_at AS held_at, l.removed_at AS removed_at,
    l.id AS listing_id, l.profile_id AS profile_id, l.release_id AS release_id, a.id AS artist_id
FROM listing l
JOIN profile p ON p.id = l.profile_id
JOIN release r ON r.id = l.release_id
LEFT JOIN standing s ON s.profile_id = p.id
LEFT JOIN artist a ON a.id = s.artist_id
WHERE l."new"
""",
    # The plus keeps PostgreSQL from going from a standing to all that is asked for its artist's sake.
    "v1_coverage": """
SELECT a.name AS artist, t.platform AS platform, t.ask AS ask, t.section AS section, t.market AS market,
    t.subject AS subject, p.name AS profile_name, s.standing AS standing,
    t.last_look_at AS last_look_at, t.last_outcome AS last_outcome, t.last_complete_at AS last_complete_at,
    t.baseline_at AS baseline_at, k.expected AS expected, k.received AS received, k.pages AS pages,
    k.stop_reason AS stop_reason, k.blind AS blind, t.failures AS failures_in_a_row,
    CASE WHEN t.resume IS NULL THEN 0 ELSE 1 END AS unfinished, t.cut AS cut, t.due_at AS due_at,
    t.id AS target_id, a.id AS artist_id
FROM target t
LEFT JOIN watch w ON w.target_id = t.id
LEFT JOIN artist a ON a.id = w.artist_id
LEFT JOIN LAST_LOOK
LEFT JOIN profile p ON t.ask IN ('profile', 'releases') AND p.platform = t.platform AND p.platform_id = t.subject
LEFT JOIN standing s ON s.profile_id = p.id AND s.artist_id = +a.id
""",
    "v1_profiles": """
SELECT p.platform AS platform, p.platform_id AS profile, p.name AS profile_name, p.url AS profile_url,
    a.name AS artist, s.standing AS standing, s.authority AS authority, s.reason AS reason,
    s.decided_at AS decided_at, p.followers AS followers, p.release_count AS release_count,
    (SELECT count(DISTINCT l.release_id) FROM listing l WHERE l.profile_id = p.id AND l.removed_at IS NULL)
        AS releases_listed,
    (SELECT count(DISTINCT l.release_id) FROM listing l WHERE l.profile_id = p.id AND l.held_at IS NOT NULL)
        AS releases_held,
    p.disambiguation AS disambiguation, p.country AS country, p.genres AS genres, p.aliases AS aliases,
    p.owner AS owner, p.providers AS providers,
    p.first_seen_at AS first_seen_at, p.last_seen_at AS last_seen_at, p.id AS profile_id, a.id AS artist_id
FROM profile p
LEFT JOIN standing s ON s.profile_id = p.id
LEFT JOIN artist a ON a.id = s.artist_id
""",
    "v1_credits": """
SELECT c.name AS credited_as, c.role AS role, c.position AS position, r.platform AS platform,
    p.platform_id AS profile, p.name AS profile_name, r.platform_id AS "release", r.title AS release_title,
    k.platform_id AS track, k.title AS track_title, k.isrc AS isrc,
    c.first_seen_at AS first_seen_at, c.last_seen_at AS last_seen_at,
    c.id AS credit_id, c.release_id AS release_id, c.track_id AS track_id, c.profile_id AS profile_id
FROM credit c
JOIN release r ON r.id = c.release_id
LEFT JOIN track k ON k.id = c.track_id
LEFT JOIN profile p ON p.id = c.profile_id
WHERE c.gone_at IS NULL
""",
    "v1_releases": f"""
SELECT r.platform AS platform, r.platform_id AS "release", {RELEASE}, r.track_count AS track_count,
    (SELECT count(*) FROM track k WHERE k.release_id = r.id AND k.gone_at IS NULL) AS tracks_seen,
    r.whole_at AS whole_at, (SELECT m.countries FROM market_set m WHERE m.id = r.market_set_id) AS markets,
    r.explicit AS explicit, r.added_raw AS added_raw,
    r.genres AS genres, r.cover_url AS cover_url,
    (SELECT d.value FROM ai_disclosure d WHERE d.release_id = r.id AND d.track_id IS NULL
        ORDER BY d.last_seen_at DESC, d.id LIMIT 1) AS ai_disclosure,
    r.first_seen_at AS first_seen_at, r.last_seen_at AS last_seen_at, r.id AS release_id
FROM release r
""",
    # The parts of a union are plain tables without conditions, and their columns of the same kinds: only then does a
    # question about one release reach their indexes on both engines.
    "v1_identifiers": """
SELECT i.kind AS kind, i.printed AS printed, i.normalised AS normalised, r.platform AS platform,
    r.platform_id AS "release", r.title AS release_title, i.track AS track, i.track_title AS track_title,
    i.first_seen_at AS first_seen_at, r.id AS release_id, i.track_id AS track_id
FROM release r JOIN (
    SELECT id AS of_release, 'upc' AS kind, upc_raw AS printed, gtin14 AS normalised, CAST(NULL AS TEXT) AS track,
        CAST(NULL AS TEXT) AS track_title, first_seen_at, CAST(NULL AS NUMBER) AS track_id,
        CAST(NULL AS MOMENT) AS gone_at
    FROM release
    UNION ALL
    SELECT release_id, 'isrc', isrc_raw, isrc, platform_id, title, first_seen_at, id, gone_at FROM track
) i ON i.of_release = r.id
WHERE i.printed IS NOT NULL AND i.gone_at IS NULL
""",
    "v1_ended": """
SELECT r.platform AS platform, r.platform_id AS "release", r.title AS release_title, e.kind AS kind, e.what AS what,
    e.first_seen_at AS first_seen_at, e.last_seen_at AS last_seen_at, e.gone_at AS gone_at, r.id AS release_id
FROM release r JOIN (
    SELECT release_id AS of_release, kind, text AS what, first_seen_at, last_seen_at, gone_at
    FROM release_line
    UNION ALL
    SELECT release_id, CAST('track' AS TEXT), title, first_seen_at, last_seen_at, gone_at
    FROM track
    UNION ALL
    SELECT release_id, role, name, first_seen_at, last_seen_at, gone_at FROM credit
) e ON e.of_release = r.id
WHERE e.gone_at IS NOT NULL
""",
    "v1_changes": """
SELECT c.changed_at AS changed_at, c.entity AS entity, c.field AS field,
    CASE WHEN c.field = 'market_set_id' THEN (SELECT countries FROM market_set WHERE id = CAST(c.before AS NUMBER))
        ELSE c.before END AS before,
    CASE WHEN c.field = 'market_set_id' THEN (SELECT countries FROM market_set WHERE id = CAST(c.after AS NUMBER))
        ELSE c.after END AS after,
    t.platform AS platform,
    CASE c.entity
        WHEN 'release' THEN (SELECT title FROM release WHERE id = c.entity_id)
        WHEN 'track' THEN (SELECT title FROM track WHERE id = c.entity_id)
        WHEN 'profile' THEN (SELECT name FROM profile WHERE id = c.entity_id)
        WHEN 'listing' THEN
            (SELECT r.title FROM listing l JOIN release r ON r.id = l.release_id WHERE l.id = c.entity_id) END AS what,
    CASE c.entity WHEN 'listing' THEN
        (SELECT p.name FROM listing l JOIN profile p ON p.id = l.profile_id WHERE l.id = c.entity_id) END AS on_page_of,
    t.ask AS ask, t.subject AS subject, c.entity_id AS entity_id, c.look_id AS look_id, c.id AS change_id
FROM change c
LEFT JOIN look o ON o.id = c.look_id
LEFT JOIN target t ON t.id = o.target_id
""",
    # The plus keeps SQLite from walking the index of merged cases, in which nearly all are not merged.
    "v1_cases": """
SELECT c.id AS case_id, c.kind AS kind, c.attack AS attack, c.origin AS origin, c.status AS status, c.loud AS loud,
    c.score_low AS score_low, c.score AS score, c.score_high AS score_high, c.bits AS bits,
    a.name AS claimed_artist, c.title AS title, c.revision AS revision,
    coalesce(v.decision, 'unconfirmed') AS decision, v.authority AS authority, v.note AS note,
    v.decided_at AS decided_at, c.opened_at AS opened_at, c.changed_at AS changed_at, c.gone_at AS gone_at,
    c.reopened_because AS reopened_because, c.campaign_id AS campaign_id,
    c.rule_version AS rule_version, c.evidence AS evidence, c.key AS case_key,
    c.artist_id AS artist_id, c.group_id AS group_id
FROM suspect_case c
JOIN artist a ON a.id = c.artist_id
LEFT JOIN verdict v ON v.id = (
    SELECT id FROM verdict WHERE case_id = c.id AND rank < 3 AND withdrawn_at IS NULL ORDER BY rank, id DESC LIMIT 1)
WHERE +c.merged_into IS NULL
""",
    "v1_findings": """
SELECT f.case_id AS case_id, c.kind AS kind, c.status AS status, c.score AS score, a.name AS claimed_artist,
    f.role AS role, p.platform AS platform, p.platform_id AS profile, p.name AS profile_name, p.url AS profile_url,
    r.platform_id AS "release", r.title AS release_title, r.gtin14 AS gtin14, r.date_raw AS date_raw,
    r.url AS release_url, f.first_seen_at AS first_seen_at, f.removed_at AS removed_at,
    f.id AS finding_id, f.profile_id AS profile_id, f.release_id AS release_id, c.artist_id AS artist_id
FROM finding f
JOIN suspect_case c ON c.id = f.case_id
JOIN artist a ON a.id = c.artist_id
JOIN profile p ON p.id = f.profile_id
LEFT JOIN release r ON r.id = f.release_id
""",
    "v1_census": """
SELECT a.name AS claimed_artist, s.place AS place, s.kind AS kind, s.title AS title, s.score AS score,
    s.bits AS bits, s.evidence AS evidence, s.rule_version AS rule_version, s.judged_at AS judged_at,
    s.artist_id AS artist_id, s.group_id AS group_id
FROM census s
JOIN artist a ON a.id = s.artist_id
""",
    "v1_verdicts": """
SELECT v.id AS verdict_id, c.id AS case_id, c.kind AS kind, c.attack AS attack, a.name AS claimed_artist,
    c.title AS title, v.decision AS decision, v.authority AS authority, v.rank AS rank, v.note AS note,
    v.decided_at AS decided_at, v.withdrawn_at AS withdrawn_at, v.withdrawn_by AS withdrawn_by,
    c.status AS status, a.id AS artist_id
FROM verdict v
JOIN suspect_case c ON c.id = v.case_id
JOIN artist a ON a.id = c.artist_id
""",
    "v1_takedowns": """
SELECT p.platform AS platform, c.id AS case_id, a.name AS claimed_artist, c.title AS title, v.decision AS decision,
    v.authority AS authority, v.decided_at AS decided_at,
    (SELECT min(t.reported_at) FROM takedown t WHERE t.case_id = c.id AND t.platform = p.platform) AS reported_at,
    (SELECT t.answer FROM takedown t WHERE t.case_id = c.id AND t.platform = p.platform
        ORDER BY t.id DESC LIMIT 1) AS answer,
    f.removed_at AS removed_at, DAYS_TO_REMOVAL AS days_to_removal, p.platform_id AS profile, p.url AS profile_url,
    r.platform_id AS "release", r.url AS release_url, c.status AS status,
    f.id AS finding_id, c.artist_id AS artist_id
FROM suspect_case c
JOIN artist a ON a.id = c.artist_id
JOIN verdict v ON v.id = (
    SELECT id FROM verdict WHERE case_id = c.id AND rank < 3 AND withdrawn_at IS NULL ORDER BY rank, id DESC LIMIT 1)
JOIN finding f ON f.case_id = c.id
JOIN profile p ON p.id = f.profile_id
LEFT JOIN release r ON r.id = f.release_id
WHERE c.status IN ('confirmed', 'takedown_requested', 'gone', 'returned') AND +c.merged_into IS NULL
    AND v.decision IN ('impersonation', 'takedown')
""",
    "v1_campaigns": """
SELECT g.id AS campaign_id, g.key AS campaign_key, count(c.id) AS cases, count(DISTINCT c.artist_id) AS artists,
    max(c.score) AS score, g.ties AS ties, g.opened_at AS opened_at, g.changed_at AS changed_at
FROM campaign g
LEFT JOIN suspect_case c ON c.campaign_id = g.id AND c.merged_into IS NULL
GROUP BY g.id, g.key, g.ties, g.opened_at, g.changed_at
""",
    "v1_artists": """
SELECT a.name AS artist, a.key AS artist_key, a.mbid AS mbid, a.watched AS watched, a.added_at AS added_at,
    (SELECT count(*) FROM standing s WHERE s.artist_id = a.id AND s.standing = 'official') AS official_profiles,
    (SELECT count(*) FROM profile p WHERE p.name_key = a.name_key AND NOT EXISTS
        (SELECT 1 FROM standing s WHERE s.profile_id = p.id AND s.artist_id = a.id AND s.standing = 'official'))
        AS other_profiles_of_that_name,
    (SELECT count(*) FROM suspect_case c WHERE c.artist_id = a.id AND c.status IN ('open', 'watching', 'returned'))
        AS undecided_cases,
    a.id AS artist_id
FROM artist a
WHERE a.merged_into IS NULL
""",
    "v1_looks": """
SELECT k.ended_at AS ended_at, t.platform AS platform, t.ask AS ask, t.section AS section, t.market AS market,
    t.subject AS subject, k.outcome AS outcome, k.pages AS pages, k.expected AS expected, k.received AS received,
    k.stop_reason AS stop_reason, k.cost AS cost, k.blind AS blind, k.started_at AS started_at,
    t.id AS target_id, k.id AS look_id
FROM look k
JOIN target t ON t.id = k.target_id
""",
    # As-of views: a row holds from known_from on and until known_until, which is empty for what holds now.
    "v1_cases_as_of": """
SELECT h.case_id AS case_id, h.at AS known_from,
    coalesce((SELECT min(n.at) FROM case_history n WHERE n.case_id = h.case_id AND n.at > h.at),
        CASE WHEN c.merged_into IS NOT NULL THEN c.changed_at END) AS known_until,
    c.kind AS kind, c.attack AS attack, a.name AS claimed_artist, c.title AS title, h.event AS event,
    h.status AS status, h.score AS score, h.rule_version AS rule_version, h.note AS note, c.artist_id AS artist_id
FROM case_history h
JOIN suspect_case c ON c.id = h.case_id
JOIN artist a ON a.id = c.artist_id
WHERE NOT EXISTS (SELECT 1 FROM case_history o WHERE o.case_id = h.case_id AND o.at = h.at AND o.id > h.id)
""",
    "v1_listings_as_of": f"""
SELECT p.platform AS platform, p.platform_id AS profile, p.name AS profile_name, r.platform_id AS "release",
    r.title AS release_title, l.market AS market, i.known_from AS known_from,
    {LISTED_UNTIL} AS known_until,
    l.id AS listing_id, l.profile_id AS profile_id, l.release_id AS release_id
FROM listing l
{LISTED_SINCE}
JOIN profile p ON p.id = l.profile_id
JOIN release r ON r.id = l.release_id
""",
    "v1_lines_as_of": f"""
SELECT r.platform AS platform, r.platform_id AS "release", r.title AS release_title, n.kind AS kind, n.text AS what,
    i.known_from AS known_from,
    {LINE_UNTIL} AS known_until,
    n.id AS line_id, r.id AS release_id
FROM release_line n
{LINE_SINCE}
JOIN release r ON r.id = n.release_id
""",
    "v1_budgets": """
SELECT b.platform AS platform, b.bucket AS bucket, b.holder AS holder,
    CASE WHEN b.next_at > 0 THEN NEXT_CALL END AS next_call_at,
    CASE WHEN b.paused_until > 0 THEN PAUSED END AS paused_until,
    b.pause_reason AS pause_reason, CALLS AS calls_in_hours_kept, b.hours AS hours, b.id AS budget_id
FROM budget b
""",
}

# Views whose rows stand beside an artist, or beside none: which link says so. From an artist's name SQLite finds no way
# back through two outer joins and reads whole tables; as two parts, the first with inner joins, it starts at the name.
OWNED_BY = {
    "v1_new_releases": "standing WHERE profile_id = p.id",
    "v1_coverage": "watch WHERE target_id = t.id",
    "v1_profiles": "standing WHERE profile_id = p.id",
}
LINK = re.compile(r"LEFT JOIN (watch w|artist a|standing s ON s\.profile_id = p\.id$)", re.MULTILINE)
OF_LINK = re.compile(r"\b[as]\.(\w+) AS")
KINDS = {"id": "INTEGER", "decided_at": "NUMERIC"}  # both parts of a union must have columns of the same kinds
