"""The selftest's own promises."""

import pytest

from crawler.demo import play, selftest


def test_a_selftest_that_is_stopped_tells_nothing_and_is_no_success(tmp_path, monkeypatch):
    stopped = play.Ran(settings=None, stopped=True)
    monkeypatch.setattr(selftest, "in_reactor", lambda main: stopped)  # a reactor runs once in a process
    with pytest.raises(KeyboardInterrupt):
        selftest.run(tmp_path, ("G1",), seed=19, days=2, scale=0.05, progress=lambda worker: None)
