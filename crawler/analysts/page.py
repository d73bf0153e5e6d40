"""The generated parts of docs/views.md, made from the one source of what columns mean.

python -m crawler.analysts.page --write      writes them; a test fails when they are not current
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from storage.database import fresh_schema, open_database
from storage.views.columns import VIEWS_SAY, column
from storage.views.making import NAMES, view_columns
from storage.views.questions import EXAMPLE, QUESTIONS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "views.md"
BEGIN, END = "<!-- {}: made by python -m crawler.analysts.page --write -->", "<!-- end of what is made -->"


def all_columns() -> dict[str, tuple[str, ...]]:
    """List the columns of every view, read from a store made for it."""
    engine = open_database("sqlite://")
    fresh_schema(engine)
    with engine.connect() as connection:
        found = {name: view_columns(connection, name) for name in NAMES}
    engine.dispose()
    return found


def parts(columns: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Write the parts of the page by their names."""
    return {"views": _views(columns), "questions": _questions(), "columns": _columns(columns)}


def current(page: str) -> str:
    """Return the page with its generated parts as they must be."""
    for name, made in parts(all_columns()).items():
        head, begun, rest = page.partition(BEGIN.format(name))
        _, ended, tail = rest.partition(END)
        if not begun or not ended:
            raise SystemExit(f"docs/views.md has no place for {name}")
        page = f"{head}{begun}\n\n{made}\n\n{ended}{tail}"
    return page


def _views(columns: Mapping[str, Sequence[str]]) -> str:
    rows = [f"| [`{name}`](#{name}) | {VIEWS_SAY[name]} | {len(columns[name])} |" for name in columns]
    return "\n".join(["| view | one row for each | columns |", "|---|---|---|", *rows])


def _questions() -> str:
    return "\n\n".join(
        f"### {number}. {one.asks}\n\n`falsetto sql --question {name}`; {one.cost}.\n\n```sql\n{one.on(EXAMPLE)}\n```"
        for number, (name, one) in enumerate(QUESTIONS.items(), 1)
    )


def _columns(columns: Mapping[str, Sequence[str]]) -> str:
    return "\n\n".join(f"### {view}\n\n{_table(view, names)}" for view, names in columns.items())


def _table(view: str, names: Sequence[str]) -> str:
    rows = []
    for name in names:
        told = column(view, name)
        rows.append(f"| `{name}` | {told.kind} | {told.unit} | {told.clock} | {told.says} |")
    return "\n".join(["| column | kind | unit | clock | meaning |", "|---|---|---|---|---|", *rows])


if __name__ == "__main__":
    made = current(PAGE.read_text(encoding="utf-8"))
    if "--write" in sys.argv[1:]:
        PAGE.write_text(made, encoding="utf-8")
    else:
        sys.stdout.write(made)
