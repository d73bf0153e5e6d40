"""Candidates as files: the same rows in each form, and no text that a spreadsheet would run."""

import csv
import io
import json
from dataclasses import replace

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from crawler.cli import app
from crawler.feed import files
from storage import outbox
from storage.database import writing
from tests.test_cases import HOSTILE, event, judged

__all__ = ["event"]  # a fixture


@pytest.fixture
def told(engine, event):
    judged(engine, event, replace(event, group_id=8, title="@SUM(1)"), replace(event, group_id=9, title="plain"))
    with writing(engine) as connection:
        outbox.sequence(connection)
        return list(outbox.since(connection, 0))


def as_csv(told):
    out = io.StringIO(newline="")
    files.write_csv(told, out)
    return list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))


def test_every_form_has_the_same_rows(told, tmp_path):
    lines = io.StringIO()
    files.write_lines(told, lines)
    with (tmp_path / "a.parquet").open("wb") as out:
        files.write_parquet(told, out)
    parquet = pq.read_table(tmp_path / "a.parquet").to_pylist()
    read = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [one["cursor"] for one in read] == [one["cursor"] for one in parquet] == [1, 2, 3]
    assert [int(one["cursor"]) for one in as_csv(told)] == [1, 2, 3]
    assert [json.loads(one["candidate"]) for one in parquet] == [one["candidate"] for one in read]
    assert [json.loads(one["candidate"]) for one in as_csv(told)] == [one["candidate"] for one in read]
    assert (parquet[0]["releases"], parquet[0]["score"]) == ("deezer:900", 0.6)


def test_no_cell_of_csv_begins_like_a_formula(told):
    read = json.loads(told[0][1])
    for text in ("=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "  =1", HOSTILE):
        document = json.dumps(read | {"statement": text, "artist": read["artist"] | {"name": text}})
        (row,) = as_csv([(1, document)])
        assert row["statement"] == row["artist"] == f"'{text}"
    for row in as_csv(told):
        assert not [value for value in row.values() if value.lstrip(" ").startswith(files.FORMULA)]


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_the_command_writes_each_form_to_a_file_and_goes_on_after_a_cursor(told, store_url, tmp_path, monkeypatch):
    monkeypatch.setenv("FALSETTO_DATABASE_URL", store_url)
    for form in files.FORMATS:
        path = tmp_path / f"out.{form}"
        said = CliRunner().invoke(app, ["feed", "export", "--format", form, "--since", "1", "--out", str(path)])
        assert said.exit_code == 0, said.output
        assert path.stat().st_size > 0
    assert len(pq.read_table(tmp_path / "out.parquet")) == 2
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 2
    said = CliRunner().invoke(app, ["feed", "export", "--limit", "1"])
    assert json.loads(said.output)["cursor"] == 1
    assert "csv" in str(CliRunner().invoke(app, ["feed", "export", "--format", "xml"]).exception)
