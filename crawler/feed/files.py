"""Candidates as files: JSON lines whole, CSV and Parquet as one flat row each. Written as they are read."""

import csv
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO, TextIO

Told = Iterable[tuple[int, str]]  # (cursor, document)
FORMATS = ("jsonl", "csv", "parquet")
ROWS_A_GROUP = 2000
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
TEXTS = ("event", "idempotency_key", "kind", "attack", "origin", "status", "statement", "rule_version", "opened_at")
NUMBERS = ("score_low", "score", "score_high", "bits")
COLUMNS = (
    "cursor",
    "case_id",
    "revision",
    *TEXTS,
    *NUMBERS,
    "written_at",
    "merged_into",
    "artist_key",
    "artist",
    "platforms",
    "profiles",
    "releases",
    "gtins",
    "isrcs",
    "decision",
    "authority",
    "candidate",
)


def row(cursor: int, document: str) -> dict[str, Any]:
    """Flatten a document; its last column is the whole."""
    read = json.loads(document)
    findings, verdict = read["findings"], read["verdict"] or {}
    releases = [one["release"] for one in findings if one["release"]]
    return {
        "cursor": cursor,
        **{name: read[name] for name in ("case_id", "revision", *TEXTS, *NUMBERS, "written_at", "merged_into")},
        "artist_key": read["artist"]["key"],
        "artist": read["artist"]["name"],
        "platforms": _listed(one["profile"]["platform"] for one in findings),
        "profiles": _listed(f"{one['profile']['platform']}:{one['profile']['id']}" for one in findings),
        "releases": _listed(
            f"{one['profile']['platform']}:{one['release']['id']}" for one in findings if one["release"]
        ),
        "gtins": _listed(one["gtin"] for one in releases),
        "isrcs": _listed(track["isrc"] for one in releases for track in one["tracks"]),
        "decision": verdict.get("decision"),
        "authority": verdict.get("authority"),
        "candidate": document,
    }


def write_lines(told: Told, out: TextIO) -> None:
    """Write one document a line, with its cursor."""
    for cursor, document in told:
        out.write(f'{{"cursor":{cursor},"candidate":{document}}}\n')


def write_csv(told: Told, out: TextIO) -> None:
    """Write CSV in which no text is a formula: one that begins like one gets an apostrophe before it."""
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for cursor, document in told:
        writer.writerow({name: harmless(value) for name, value in row(cursor, document).items()})


def write_parquet(told: Told, out: BinaryIO) -> None:
    """Write Parquet, a group of rows at a time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {name: pa.int64() for name in ("cursor", "case_id", "revision", "merged_into")}
    kinds |= {name: pa.float64() for name in NUMBERS}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in COLUMNS])
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for several in _batches(told):
            writer.write_table(pa.Table.from_pylist(several, schema=schema))


def _batches(told: Told) -> Iterator[list[dict[str, Any]]]:
    ahead = iter(told)
    while several := [row(cursor, document) for cursor, document in islice(ahead, ROWS_A_GROUP)]:
        yield several


def _listed(values: Iterable[str | None]) -> str:
    return " ".join(dict.fromkeys(value for value in values if value))


def harmless(value: Any) -> Any:
    """Put an apostrophe before text that a spreadsheet would run as a formula."""
    if isinstance(value, str):
        text = value.replace("\x00", "")
        return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
    return value
