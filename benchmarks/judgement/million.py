"""How long it takes to judge a large store again: `python -m benchmarks.judgement.million --store FILE [--bindings N]`.

A crawled store (that of `falsetto demo`, say) is copied side by side until it has so many bindings: every copy has
names, pages, codes, labels and titles of its own, and the same events as the original. Printed: what was judged, on how
many processes, the time by the clock and of the processors, memory at its highest, and a million by the same rate.
"""

import argparse
import multiprocessing
import resource
import sys
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Engine, Table, delete, func, insert, select

from crawler.demo.play import PLATFORMS
from crawler.journey.rejudge import Done, Order, cores, rejudge
from crawler.suspicion.alerts import CUT
from storage.cases import key_of
from storage.database import fresh_schema, open_database, writing
from storage.models import case, listing, look, metadata, standing

APART = 10_000_000  # between the numbers of one copy and of the next
ROOM = {"look_payload", "payload", "outbox", "odd_row", "look_day", "alert", "worker", "budget", "rules"}  # not copied
OWN = {
    "platform_id", "key", "subject", "who", "name", "name_key", "title", "title_key", "text", "text_key", "fold",
    "cover_url", "image_url", "mbid", "message", "idempotency_key",
}  # fmt: skip
UNKEYED = {"group_id", "row_id", "release_a", "release_b", "entity_id"}  # numbers of rows without a foreign key
MIB = 1024


def copied(table: Table, row: dict[str, Any], copy: int) -> dict[str, Any]:
    """Give one row as it is in a copy."""
    made = dict(row)
    for column in table.columns:
        value = made[column.name]
        if value is None or isinstance(value, bytes):
            continue
        if is_number(column):
            made[column.name] = value + copy * APART if value > 0 else value - copy * APART
        elif column.name in OWN and isinstance(value, str):
            made[column.name] = f"{value} {letters(copy)}" if "_key" not in column.name else f"{value}{letters(copy)}"
        elif column.name in ("isrc", "isrc_raw"):
            made[column.name] = f"{value[:2]}{code(value[2:5], copy)}{value[5:]}"
        elif column.name == "gtin14":
            made[column.name] = f"{value[0]}{(int(value[1:8]) + copy * 7919) % 10**7:07}{value[8:]}"
    if table is case and made["status"] != "merged":
        made["key"] = key_of(made["kind"], made["artist_id"], made["group_id"])  # or each would be opened once more
    return made


def is_number(column: "Column[Any]") -> bool:
    """Tell whether a column holds the number of a row."""
    return bool(column.foreign_keys) or column.name in UNKEYED or (column.primary_key and column.name == "id")


def letters(copy: int) -> str:
    """Write a copy's number in letters, so that names stay names."""
    return "".join(chr(ord("a") + int(digit)) for digit in f"{copy:03}")


def code(registrant: str, copy: int) -> str:
    """Give a copy's registrant for one of the original."""
    signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    number = (int(registrant, 36) + copy * 7919) % 36**3 if registrant.isalnum() else copy
    return signs[number // 1296] + signs[number // 36 % 36] + signs[number % 36]


def fill(source: Engine, engine: Engine, wanted: int) -> int:
    """Copy a store side by side until so many bindings stand on official pages; return how many do."""
    with source.connect() as connection:
        have = bound(connection)
    copies = -(-wanted // max(1, have))
    for table in metadata.sorted_tables:
        if table.name in ROOM:
            continue
        with source.connect() as reader, writing(engine) as writer:
            writer.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            writer.execute(delete(table))
            rows = [dict(row._mapping) for row in reader.execute(select(table))]
            keyed = any(is_number(column) for column in table.columns)
            for copy in range(copies if keyed else 1):
                if rows:
                    writer.execute(insert(table), [copied(table, row, copy) for row in rows])
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
        return bound(connection)


def bound(connection: Connection) -> int:
    """Count the bindings that stand on official pages."""
    official = select(standing.c.profile_id).where(standing.c.standing == "official")
    query = select(func.count()).select_from(listing).where(listing.c.profile_id.in_(official))
    return connection.scalar(query) or 0


class Memory:
    """The highest sum of what this process and its children hold, looked at now and then."""

    def __init__(self) -> None:
        """Begin to look."""
        self.most, self.over = 0, threading.Event()
        self.looking = threading.Thread(target=self._look, daemon=True)
        self.looking.start()

    def _look(self) -> None:
        while not self.over.wait(0.2):
            held = [_held("self"), *(_held(str(child.pid)) for child in multiprocessing.active_children())]
            self.most = max(self.most, sum(held))

    def stop(self) -> int:
        """Stop looking; return MiB."""
        self.over.set()
        self.looking.join()
        return self.most // MIB


def _held(who: str) -> int:
    try:
        lines = Path(f"/proc/{who}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:  # it has just ended
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


def measured(engine: Engine, order: Order, processes: int, have: int) -> None:
    """Judge again and print."""
    memory, began, spent = Memory(), time.monotonic(), _cpu()
    done = Done()
    for done in rejudge(engine, order, processes):  # noqa: B007 (the last one counts)
        pass
    took, spent = time.monotonic() - began, _cpu() - spent
    million = 1e6 / have / 60
    print(
        f"{processes} processes: {done.artists} artists with {have:,} bindings on official pages, judged as "
        f"{done.events:,} events and the census, {done.bindings:,} findings: {took:.1f} s by the clock, "
        f"{spent:.1f} s of processors, at most {memory.stop()} MiB; {have / took:,.0f} bindings a second; a million in "
        f"{million * took:.1f} minutes by the clock, {million * spent:.1f} of processors; "
        f"cases opened {done.kept.opened}, changed {done.kept.changed}",
        flush=True,
    )


def _cpu() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def main() -> int:
    """Fill a store, judge it again, and print."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.judgement.million", description=__doc__)
    asked.add_argument("--store", type=Path, required=True, help="a crawled SQLite store of this schema")
    asked.add_argument("--bindings", type=int, default=100_000)
    asked.add_argument("--processes", type=int, action="append")
    told = asked.parse_args()
    source = open_database(f"sqlite:///{told.store}")
    with tempfile.TemporaryDirectory(prefix="falsetto-million-") as folder:
        url = f"sqlite:///{Path(folder) / 'store.db'}"
        engine = open_database(url)
        fresh_schema(engine)
        began = time.monotonic()
        have = fill(source, engine, told.bindings)
        with source.connect() as connection:
            at = connection.scalar(select(func.max(look.c.ended_at))) + timedelta(minutes=1)
        print(f"filled in {time.monotonic() - began:.0f} s", flush=True)
        for processes in told.processes or [cores()]:
            measured(engine, Order(url, PLATFORMS, {}, CUT, at), processes, have)
        engine.dispose()
    source.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
