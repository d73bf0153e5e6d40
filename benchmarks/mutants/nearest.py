"""Which tests stand nearest to which code: what a change there must make fail."""

STORE = (
    *("tests/test_record.py", "tests/test_presence.py", "tests/test_sections.py", "tests/test_absence.py"),
    *("tests/test_cut_lists.py", "tests/test_bad_days.py", "tests/test_odd_rows.py", "tests/test_payloads.py"),
)
CLIENTS = (
    *("tests/test_http.py", "tests/test_walk.py", "tests/test_links.py", "tests/test_musicbrainz.py"),
    *("tests/test_trouble.py", "tests/test_bombs.py", "tests/test_base_urls.py", "tests/test_platforms.py"),
)
CRAWLED = ("tests/test_deezer.py", "tests/test_itunes.py", "tests/test_crawled_platforms.py")
QUEUE = ("tests/test_frontier.py", "tests/test_record.py", "tests/test_lanes.py", "tests/test_schedule.py")
WATCHING = ("tests/test_recheck.py", "tests/test_week.py", "tests/test_schedule.py", "tests/test_plan.py")

# The first pattern that fits a file counts.
NEAREST: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("storage/limits.py", ("tests/test_limits.py", "tests/test_quota.py")),
    ("storage/budgets.py", ("tests/test_limits.py", "tests/test_budgets.py", "tests/test_desks.py")),
    ("storage/cases.py", ("tests/test_cases.py", "tests/test_journey.py", "tests/test_roster_recognition.py")),
    ("storage/frontier/*.py", QUEUE),
    ("storage/recording/endings.py", ("tests/test_endings.py",)),
    ("storage/recording/*.py", STORE),
    ("spiders/base/crawled/*.py", CRAWLED),
    ("spiders/base/*.py", (*CLIENTS, *CRAWLED)),
    ("crawler/watching/enrol.py", ("tests/test_enrol.py", "tests/test_schedule.py")),
    (
        "crawler/watching/follow_up.py",
        ("tests/test_follow_up.py", "tests/test_asked_again.py", "tests/test_journey.py"),
    ),
    ("crawler/watching/*.py", WATCHING),
)
