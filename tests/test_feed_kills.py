"""The feed survives kill -9 of every part of it: a short form of `python -m benchmarks.feed --kills 100`."""

import pytest

from benchmarks.feed import kills


@pytest.mark.parametrize("store_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_parts_that_are_killed_lose_nothing_and_keep_the_order_of_each_case(store_url, tmp_path):
    producers = 1 if store_url.startswith("sqlite") else 2
    counted = kills.run(kills.prepared(store_url, tmp_path), rounds=8, producers=producers)
    assert counted["documents"] > 0
