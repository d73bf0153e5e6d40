"""The API keeps what its OpenAPI document says, whatever it is asked."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.api import candidates
from tests.api_stage import ask, served
from tests.commands import ROOT
from tests.test_cases import event

__all__ = ["event", "served"]  # fixtures


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_schemathesis_finds_no_answer_that_the_document_does_not_promise(served, tmp_path, monkeypatch):
    monkeypatch.setattr(candidates, "LONGEST_WAIT_S", 0)  # it would wait for what nobody tells
    client, given = served
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(ask(served, "/v1/openapi.json").json()), encoding="utf-8")
    command = [Path(sys.executable).parent / "schemathesis", "run", document, "--url", str(client.base_url)]
    command += ["-H", f"Authorization: Bearer {given['admin']}", "-n", "30", "--generation-deterministic"]
    command += ["--phases", "coverage,fuzzing"]
    # A used Idempotency-Key with another body must be refused, and no schema can say so.
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "tests.schemathesis_hooks", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=240, env=environment)
    assert done.returncode == 0, done.stdout[-12000:]
    assert "Tested: 15" in done.stdout
