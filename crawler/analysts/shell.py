"""The shell of `falsetto sql`: statements as they are typed or piped, answers as a table, CSV or JSON lines."""

import csv
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from io import StringIO
from itertools import islice
from typing import Any

from sqlalchemy import Engine

from crawler.feed.files import harmless
from storage.views.columns import VIEWS_SAY, column
from storage.views.making import NAMES, view_columns
from storage.views.questions import QUESTIONS
from storage.views.reading import Answer, NotRead, answered

FORMATS = ("table", "csv", "jsonl")
SHOWN, WIDEST = 500, 60
HELP = r"""A statement ends with a semicolon. Nothing that is typed here can change the store.
\d         the views            \ask        worked questions by name
\d VIEW    its columns          \ask NAME   asks one, and shows its SQL
\?         this                 \q          ends"""

Say = Callable[[str], None]


class Shell:
    """Answers statements over one store, a line at a time."""

    def __init__(
        self,
        engine: Engine,
        say: Say,
        plain: Callable[[object], str],
        format_: str = "table",
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
    ) -> None:
        """Say lines in a format; `plain` makes foreign text harmless for a terminal."""
        self.engine, self.say, self.plain, self.format, self.today = engine, say, plain, format_, today
        self.said = ""  # of a statement that has not ended yet
        self.failed = False

    def hear(self, line: str) -> bool:
        """Take a line; return whether to go on."""
        word, _, rest = line.strip().partition(" ")
        if not self.said and word.startswith("\\"):
            return self._command(word, rest.strip())
        self.said += line.rstrip("\n") + "\n"
        if sqlite3.complete_statement(self.said):
            self.end()
        return True

    def end(self) -> None:
        """Answer what was said so far."""
        statement, self.said = self.said.strip(), ""
        if statement.strip("; \n"):
            self.ask(statement)

    def ask(self, statement: str) -> None:
        """Answer one statement, or say what the database says of it."""
        try:
            with answered(self.engine, statement.strip().rstrip(";")) as answer:
                for line in written(answer, self.format, self.plain):
                    self.say(line)
        except NotRead as fault:
            self.failed = True
            self.say(f"not answered: {self.plain(str(fault).splitlines()[0])}")

    def _command(self, word: str, rest: str) -> bool:
        match word:
            case "\\q":
                return False
            case "\\d" if rest in NAMES:
                self._columns(rest)
            case "\\d":
                for name in NAMES:
                    self.say(f"{name:<20} one row for each {VIEWS_SAY[name]}")
            case "\\ask" if rest in QUESTIONS:
                statement = QUESTIONS[rest].on(self.today())
                self.say(statement)
                self.ask(statement)
            case "\\ask":
                for name, one in QUESTIONS.items():
                    self.say(f"{name:<20} {one.asks}")
            case _:
                self.say(HELP)
        return True

    def _columns(self, view: str) -> None:
        with self.engine.connect() as connection:
            names = view_columns(connection, view)
        for name in names:
            told = column(view, name)
            more = ", ".join(part for part in (told.kind, told.unit, told.clock and f"clock: {told.clock}") if part)
            self.say(f"{name:<28} {told.says} ({more})")


def written(answer: Answer, format_: str, plain: Callable[[object], str]) -> Iterator[str]:
    """Write an answer as lines; a table shows its first rows, the other formats all as they are read."""
    match format_:
        case "csv":
            yield _csv(answer.columns)
            for row in answer.rows:
                yield _csv([harmless(_value(one)) for one in row])
        case "jsonl":
            for row in answer.rows:
                told = dict(zip(answer.columns, map(_value, row), strict=True))
                yield json.dumps(told, ensure_ascii=False, default=str)
        case _:
            yield from _table(answer, plain)


def _table(answer: Answer, plain: Callable[[object], str]) -> Iterator[str]:
    found = [[_cell(one, plain) for one in row] for row in islice(answer.rows, SHOWN + 1)]
    rows = found[:SHOWN]
    head = [plain(name) for name in answer.columns]
    wide = [max([len(head[n]), *(len(row[n]) for row in rows)]) for n in range(len(head))]
    yield "  ".join(f"{name:<{wide[n]}}" for n, name in enumerate(head)).rstrip()
    yield "  ".join("-" * size for size in wide)
    for row in rows:
        yield "  ".join(f"{one:<{wide[n]}}" for n, one in enumerate(row)).rstrip()
    more = f"the first {SHOWN}; --format csv and jsonl write all" if len(found) > SHOWN else ""
    yield f"({more or len(rows)} row{'' if len(rows) == 1 else 's'})" if not more else f"({more})"


def _cell(value: Any, plain: Callable[[object], str]) -> str:
    shown = "" if value is None else plain(_value(value))
    return shown if len(shown) <= WIDEST else shown[: WIDEST - 1] + "…"


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        at = value if value.tzinfo is None else value.astimezone(UTC)  # without a zone it is a statement's own, in UTC
        return f"{at:%Y-%m-%d %H:%M:%S}"
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else value


def _csv(row: Sequence[Any]) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="").writerow(row)
    return out.getvalue()
