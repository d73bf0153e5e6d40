"""Which tests stand nearest to which code: what a change there must make fail. The nearest and quickest come first."""

STORE = (
    *("tests/test_record.py", "tests/test_presence.py", "tests/test_sections.py", "tests/test_absence.py"),
    *("tests/test_cut_lists.py", "tests/test_bad_days.py", "tests/test_odd_rows.py", "tests/test_payloads.py"),
    *(
        "tests/test_record_touch.py",
        "tests/test_endings.py",
        "tests/test_record_text.py",
        "tests/test_as_of.py",
        "tests/test_asked_again.py",
    ),
)
CLIENTS = (
    *("tests/test_http.py", "tests/test_walk.py", "tests/test_links.py", "tests/test_trouble.py"),
    *("tests/test_bombs.py", "tests/test_base_urls.py", "tests/test_platforms.py"),
)
CRAWLED = ("tests/test_deezer.py", "tests/test_itunes.py", "tests/test_crawled_platforms.py")

# The first pattern that fits a file counts.
NEAREST: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("storage/limits.py", ("tests/test_quota.py", "tests/test_day_quota.py", "tests/test_limits.py")),
    ("storage/budgets.py", ("tests/test_budgets.py", "tests/test_desks.py", "tests/test_platforms_command.py")),
    ("storage/cases.py", ("tests/test_case_rows.py", "tests/test_cases.py")),
    ("storage/frontier/enrolment.py", ("tests/test_enrol.py",)),
    (
        "storage/frontier/*.py",
        ("tests/test_frontier_claims.py", "tests/test_frontier_wanting.py", "tests/test_frontier.py"),
    ),
    ("storage/recording/endings.py", ("tests/test_endings.py", "tests/test_as_of.py")),
    ("storage/recording/payloads.py", ("tests/test_payloads.py", "tests/test_record.py")),
    ("storage/recording/engines.py", ("tests/test_record.py", "tests/test_desks.py", "tests/test_record_text.py")),
    ("storage/recording/presence.py", ("tests/test_presence.py", "tests/test_absence.py", "tests/test_bad_days.py")),
    ("storage/recording/*.py", STORE),
    ("spiders/base/crawled/*.py", CRAWLED),
    ("spiders/base/freshness.py", ("tests/test_freshness.py",)),
    ("spiders/base/gate.py", ("tests/test_day_quota.py", "tests/test_http.py", "tests/test_musicbrainz_faults.py")),
    ("spiders/base/pages.py", ("tests/test_links.py", "tests/test_roster_inputs.py")),
    ("spiders/base/reading.py", ("tests/test_reading.py", "tests/test_odd_rows.py", "tests/test_readers_total.py")),
    ("spiders/base/table.py", ("tests/test_docs.py",)),
    ("spiders/base/tokens.py", ("tests/test_tokens.py", "tests/test_spotify_tokens.py")),
    ("spiders/base/trouble.py", ("tests/test_trouble.py", "tests/test_http.py")),
    ("spiders/base/unpacking.py", ("tests/test_bombs.py",)),
    ("spiders/base/walk.py", ("tests/test_walk.py", "tests/test_http.py")),
    ("spiders/base/*.py", (*CLIENTS, *CRAWLED)),
    ("crawler/watching/enrol.py", ("tests/test_enrol.py", "tests/test_schedule.py")),
    (
        "crawler/watching/follow_up.py",
        ("tests/test_follow_up.py", "tests/test_asked_again.py", "tests/test_enrol.py"),
    ),
    ("crawler/watching/plan.py", ("tests/test_plan.py",)),
    ("crawler/watching/quotas.py", ("tests/test_quotas.py", "tests/test_plan.py", "tests/test_pacing.py")),
    ("crawler/watching/*.py", ("tests/test_waiting.py", "tests/test_recheck.py", "tests/test_week.py")),
)
