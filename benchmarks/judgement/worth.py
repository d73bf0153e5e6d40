"""What each platform is worth: `python -m benchmarks.judgement.worth out/worlds/91-0.5-...` over a crawled store.

`benchmarks.judgement.crawled --platforms a,b,c` keeps a store with everything that these platforms told. Here it is
judged anew as it is, and once more without each of them: the page that only this platform shows is gone, and so is what
only this platform says of a release that others show too. An attack that stands nowhere else is missed then. What was
asked for the platform's sake elsewhere stays, and so do groups that it held together.
"""

import argparse
import json
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.judgement.crawled import judge_again, kept_cases
from benchmarks.judgement.pieces import Played
from benchmarks.judgement.worlds import Figures, measure
from storage.database import open_database
from storage.models import artist, target

OF_RELEASES = ("listing", "credit", "release_line", "track", "ai_disclosure", "grouped_release")
OF_PAGES = ("listing", "standing", "profile_link", "grouped_profile")


def main() -> None:
    """Judge a store with and without each platform, and print what that costs."""
    asked = argparse.ArgumentParser(prog="benchmarks.judgement.worth")
    asked.add_argument("folder", type=Path)
    asked.add_argument("--without", default="", help="only these, comma separated")
    told = asked.parse_args()
    store = told.folder / "falsetto.db"
    names = [name for name in platforms_of(store) if not told.without or name in told.without.split(",")]
    whole = figures(store, told.folder, "")
    print("| without | recall at 1 false alert | lost | at 3 | attacks that became a case | area |")
    print("|---|---|---|---|---|---|")
    print(line("nothing", whole, whole), flush=True)
    for name in names:
        print(line(name, figures(store, told.folder, name), whole), flush=True)


def platforms_of(store: Path) -> list[str]:
    """List the platforms that a store knows anything of."""
    engine = open_database(f"sqlite:///{store}")
    with engine.connect() as connection:
        names = list(connection.scalars(select(target.c.platform).distinct().order_by(target.c.platform)))
    engine.dispose()
    return names


def figures(store: Path, folder: Path, without: str) -> Figures:
    """Judge a copy of the store that knows nothing of one platform."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "falsetto.db"
        with closing(sqlite3.connect(store)) as here, closing(sqlite3.connect(copy)) as there:
            here.backup(there)
        if without:
            forget(copy, without)
        engine = open_database(f"sqlite:///{copy}")
        judge_again(engine, tuple(name for name in platforms_of(copy) if name != without))
        truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
        with engine.connect() as connection:
            watched = connection.scalar(select(func.count()).select_from(artist)) or 0
            found = measure(truth, kept_cases(connection), watched * Played.read(folder).days / 7)
        engine.dispose()
    return found


def forget(store: Path, platform: str) -> None:
    """Take everything out of a store that a platform told; what refers to it goes first."""
    with closing(sqlite3.connect(store)) as connection, connection:
        releases = "SELECT id FROM release WHERE platform = :platform"
        pages = "SELECT id FROM profile WHERE platform = :platform"
        said = {"platform": platform}
        for table in OF_RELEASES:
            connection.execute(f"DELETE FROM {table} WHERE release_id IN ({releases})", said)
        for side in ("release_a", "release_b"):
            connection.execute(f"DELETE FROM release_tie WHERE {side} IN ({releases})", said)
        for table in OF_PAGES:
            connection.execute(f"DELETE FROM {table} WHERE profile_id IN ({pages})", said)
        connection.execute("DELETE FROM finding")
        for table in ("release", "profile"):
            connection.execute(f"DELETE FROM {table} WHERE platform = :platform", said)


def line(name: str, found: Figures, whole: Figures) -> str:
    """Write one row of the table."""
    at_one, before = found.recall_at[1.0], whole.recall_at[1.0]
    return (
        f"| {name} | {at_one:.3f} | {before - at_one:+.3f} | {found.recall_at[3.0]:.3f} | {found.found} of "
        f"{found.attacks} | {found.area:.4f} |"
    )


if __name__ == "__main__":
    main()
