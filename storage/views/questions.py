"""Worked questions of rights teams with their SQL, the same on both engines: shown in docs/views.md, asked by name.

`:since` stands for a day such as '2026-11-01'; each question says how many days back it looks when nobody says so.
"""

from dataclasses import dataclass
from datetime import date, timedelta

EXAMPLE = date(2026, 11, 25)


@dataclass(frozen=True, slots=True)
class Question:
    """A question, its SQL, and how the database finds the answer."""

    asks: str
    sql: str
    cost: str
    days: int = 0  # how far back :since lies; 0: the question has no day

    def on(self, today: date, since: date | None = None) -> str:
        """Write the SQL for a day."""
        day = since or today - timedelta(days=self.days)
        return self.sql.strip().replace(":since", f"'{day:%Y-%m-%d}'")


QUESTIONS = {
    "back-dated": Question(
        "What arrived back-dated on our artists' pages this month?",
        """
SELECT artist, platform, title, label, date_raw, days_after_claim, first_seen_at, release_url
FROM v1_new_releases
WHERE standing = 'official' AND first_seen_at >= :since AND days_after_claim > 60
ORDER BY days_after_claim DESC, first_seen_at
""",
        "walks the arrivals since that day along `ix_listing_new`",
        days=30,
    ),
    "shared-labels": Question(
        "Which labels appeared on three or more unrelated artists within a week? What stands on two artists' pages at"
        " once does not count.",
        """
SELECT n.label, count(DISTINCT n.artist_id) AS artists, count(DISTINCT n.release_id) AS releases,
    count(DISTINCT f.case_id) AS cases, min(n.first_seen_at) AS since
FROM v1_new_releases AS n
LEFT JOIN v1_findings AS f ON f.release_id = n.release_id AND f.artist_id = n.artist_id
WHERE n.standing = 'official' AND n.first_seen_at >= :since AND n.label IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM v1_new_releases AS o
        WHERE o.release_id = n.release_id AND o.standing = 'official' AND o.artist_id <> n.artist_id)
GROUP BY n.label
HAVING count(DISTINCT n.artist_id) >= 3
ORDER BY artists DESC, n.label
""",
        "walks the arrivals since that day along `ix_listing_new`, then each one's `ix_listing_release_id`",
        days=7,
    ),
    "takedown-time": Question(
        "How long does a takedown take, by platform?",
        """
SELECT platform, count(*) AS decided_against, count(removed_at) AS gone, count(*) - count(removed_at) AS still_shown,
    avg(days_to_removal) AS mean_days, max(days_to_removal) AS slowest_days
FROM v1_takedowns
WHERE decided_at >= :since
GROUP BY platform
ORDER BY platform
""",
        "reads the cases, their verdicts along `ix_verdict_case_id`, their findings along `ix_finding_case_id`",
        days=365,
    ),
    "still-shown": Question(
        "What did we decide against that is still shown, and what did the platform answer?",
        """
SELECT platform, case_id, claimed_artist, title, decision, decided_at, reported_at, answer, profile_url, release_url
FROM v1_takedowns
WHERE removed_at IS NULL
ORDER BY decided_at, case_id
""",
        "reads the cases, their verdicts along `ix_verdict_case_id`, their findings along `ix_finding_case_id`",
    ),
    "came-back": Question(
        "What came back after it was gone, and where does it stand now?",
        """
SELECT c.case_id, c.claimed_artist, c.title, c.reopened_because, f.platform, f.profile_name, f.release_url,
    f.first_seen_at
FROM v1_cases AS c
JOIN v1_findings AS f ON f.case_id = c.case_id
WHERE c.status = 'returned' AND f.removed_at IS NULL
ORDER BY f.first_seen_at DESC, c.case_id
""",
        "walks the returned cases along `ix_suspect_case_status`, each one's findings along `ix_finding_case_id`",
    ),
    "blind": Question(
        "Where are we blind: what is withheld, cut short, or was never seen whole?",
        """
SELECT platform, ask, market, blind AS withheld, count(DISTINCT target_id) AS questions,
    count(DISTINCT CASE WHEN last_complete_at IS NULL THEN target_id END) AS never_whole,
    count(DISTINCT CASE WHEN cut THEN target_id END) AS cut_short
FROM v1_coverage
WHERE due_at IS NOT NULL AND (last_complete_at IS NULL OR cut OR blind <> '')
GROUP BY platform, ask, market, blind
ORDER BY never_whole DESC, questions DESC
""",
        "reads every live question along `ix_target_queue` and its last look along `ix_look_target`",
    ),
    "stale-pages": Question(
        "Which official pages were not seen whole for three days, and why?",
        """
SELECT artist, platform, profile_name, section, market, last_outcome, stop_reason, last_complete_at
FROM v1_coverage
WHERE ask = 'releases' AND standing = 'official' AND due_at IS NOT NULL
    AND (last_complete_at IS NULL OR last_complete_at < :since)
ORDER BY artist, platform, section, market
""",
        "reads every live list and its last look along `ix_look_target`",
        days=3,
    ),
    "common-names": Question(
        "Which names are too common to watch without ids?",
        """
SELECT artist, other_profiles_of_that_name, official_profiles, undecided_cases
FROM v1_artists
WHERE other_profiles_of_that_name >= 5
ORDER BY other_profiles_of_that_name DESC, artist
""",
        "counts along `ix_profile_name_key`, once for each artist",
    ),
    "undecided-then": Question(
        "Which cases were undecided on a day, and how suspicious were they then?",
        """
SELECT case_id, claimed_artist, title, status, score, known_from
FROM v1_cases_as_of
WHERE status IN ('open', 'watching', 'returned')
    AND known_from <= :since AND coalesce(known_until, '9999-12-31') > :since
ORDER BY score DESC, case_id
LIMIT 500
""",
        "reads the whole history of cases, each entry's next one along `ix_case_history_case_id`",
        days=7,
    ),
    "alarms": Question(
        "How many of the loud cases were right, by class?",
        """
SELECT attack, count(*) AS loud_cases,
    sum(CASE WHEN status IN ('confirmed', 'takedown_requested', 'gone') THEN 1 ELSE 0 END) AS upheld,
    sum(CASE WHEN status = 'cleared' THEN 1 ELSE 0 END) AS cleared,
    sum(CASE WHEN status IN ('open', 'watching', 'returned') THEN 1 ELSE 0 END) AS undecided
FROM v1_cases
WHERE loud AND origin = 'news' AND opened_at >= :since
GROUP BY attack
ORDER BY loud_cases DESC, attack
""",
        "reads every case",
        days=90,
    ),
    "campaigns": Question(
        "Which campaigns concern three or more artists, and what ties their cases?",
        """
SELECT campaign_id, artists, cases, score, ties, opened_at, changed_at
FROM v1_campaigns
WHERE artists >= 3
ORDER BY artists DESC, score DESC, campaign_id
""",
        "reads the cases of campaigns along `ix_suspect_case_campaign_id`",
    ),
    "copied-recordings": Question(
        "Which open cases were lately found with a recording's code that stood on another release before?",
        """
WITH code AS MATERIALIZED (
    SELECT f.case_id, f.claimed_artist, f.release_title, f.release_id, i.track_title, i.normalised, i.first_seen_at
    FROM v1_findings AS f
    JOIN v1_identifiers AS i ON i.release_id = f.release_id AND i.kind = 'isrc'
    WHERE f.status = 'open' AND f.first_seen_at >= :since AND i.normalised IS NOT NULL
), met AS MATERIALIZED (
    SELECT c.*, (SELECT o.release_id FROM v1_identifiers AS o
        WHERE o.normalised = c.normalised AND o.kind = 'isrc' AND o.release_id <> c.release_id
            AND o.first_seen_at < c.first_seen_at
            AND NOT EXISTS (SELECT 1 FROM v1_findings AS s
                WHERE s.case_id = c.case_id AND s.release_id = o.release_id)
        ORDER BY o.release_id LIMIT 1) AS first_release_id
    FROM code AS c
)
SELECT m.case_id, m.claimed_artist, m.release_title, m.track_title, m.normalised AS isrc,
    r.platform AS earlier_platform, r.title AS earlier_release, r.credited_to AS earlier_artist
FROM met AS m
JOIN v1_releases AS r ON r.release_id = m.first_release_id
ORDER BY m.case_id, m.normalised
""",
        "reads the findings, the tracks of new ones along `ix_track_release_id`, each code along `ix_track_isrc`",
        days=7,
    ),
}
