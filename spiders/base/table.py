"""The platform tables in README and docs, made from the platforms' class attributes: `python -m spiders.base.table`.

python -m spiders.base.table --write      writes both; a test fails when they are not current
"""

import sys
from pathlib import Path

from spiders.base import freshness
from spiders.base.client import Client
from spiders.base.platform import Access, Platform, platforms
from storage.targets import Ask

ROOT = Path(__file__).resolve().parents[2]
BEGIN = "<!-- made by python -m spiders.base.table --write -->"
END = "<!-- end of what is made -->"
FILES = ("README.md", "docs/platforms.md")
QUESTIONS = {
    Ask.SEARCH: "search",
    Ask.PROFILE: "profile",
    Ask.RELEASES: "releases",
    Ask.RELEASE: "tracks",
    Ask.UPC: "UPC",
    Ask.ISRC: "ISRC",
    Ask.IDENTITY: "whose page",
}


def short() -> str:
    """Write the table of README."""
    lines = ["| platform | answers | never says | needs | budget |", "|---|---|---|---|---|"]
    for name, cls in sorted(platforms().items()):
        answers = ", ".join(word for ask, word in QUESTIONS.items() if ask in cls.accepts)
        lines.append(f"| {name} | {answers} | {_words(cls.blind_for(Access()))} | {_needs(cls)} | {_budget(cls)} |")
    return "\n".join(lines)


def long() -> str:
    """Write one section for each platform."""
    sections = [_section(cls) for _, cls in sorted(platforms().items())]
    return "\n\n".join([freshness.table(platforms()), *sections])


def _section(cls: type[Platform]) -> str:
    by = "a client in a thread" if issubclass(cls, Client) else "Scrapy"
    facts = [
        ("asked by", f"{by}, at `{cls.api}`"),
        ("answers", ", ".join(word for ask, word in QUESTIONS.items() if ask in cls.accepts)),
        ("artist's page", f"`{cls.page}`; ids look like `{cls.profile_id.replace('|', chr(92) + '|')}`"),
        ("sections of a page", ", ".join(section for section in cls.sections if section) or "one list"),
        ("market", "named by the question" if cls.has_markets else "not named"),
        ("answers for several", ", ".join(f"{QUESTIONS[ask]} {size}" for ask, size in cls.batch.items()) or "no"),
        ("never says", _words(cls.blind_for(Access()))),
        ("needs", _needs(cls)),
        ("budget", f"{_budget(cls)}, counted by {cls.counted_by or 'address'}"),
        ("longest pause", f"{cls.longest_pause_s / 3600:g} h, whatever an answer names"),
        ("a search takes as one", ", ".join(cls.search_folds)),
        ("raw answers kept", f"at most {cls.keep_days} days" if cls.keep_days else "as long as the operator says"),
        ("terms", cls.terms),
    ]
    kind = "reference source" if cls.reference else "platform"
    rows = "\n".join(f"| {word} | {said} |" for word, said in facts)
    return f"## {cls.title}\n\n`{cls.name}`, a {kind}.\n\n| | |\n|---|---|\n{rows}"


def _words(words: frozenset[str]) -> str:
    return ", ".join(sorted(word.replace("_", " ") for word in words)) or "-"


def _needs(cls: type[Platform]) -> str:
    return ", ".join(f"`FALSETTO_{cls.name.upper()}_{word.upper()}`" for word in cls.needs) or "no key"


def _budget(cls: type[Platform]) -> str:
    return "; ".join(
        f"{f'{bucket}: ' if bucket else ''}{limit.calls} calls in {limit.window_s:g} s"
        + (f", {limit.per_day} a day" if limit.per_day else "")
        + (f" from midnight in {limit.resets}" if limit.resets else "")
        for bucket, limit in cls.limits.items()
    )


def current(path: Path) -> str:
    """Return a document as it should be."""
    made = short() if path.name == "README.md" else long()
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{made}\n{END}{after}"


def main() -> None:
    """Print the table, or write the documents."""
    if "--write" not in sys.argv:
        sys.stdout.write(short() + "\n")
        return
    for name in FILES:
        (ROOT / name).write_text(current(ROOT / name), encoding="utf-8")


if __name__ == "__main__":
    main()
