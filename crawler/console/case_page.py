"""What a case's page shows, read in one go and composed for the template."""

import json
from typing import Any

from sqlalchemy import Connection

from crawler.console import charts, comparing, names, telling
from storage.console import beside
from storage.facts.case_file import CaseFile, case_file

LONGEST_QUOTE = 200_000


def values(connection: Connection, case_id: int) -> dict[str, Any]:
    """Compose a case, following merges; raise NoSuchCase."""
    file = case_file(connection, case_id)
    expected = [file.artist.name, *beside.names(connection, file.artist.id)]
    in_question = [one.release.id for one in file.appearances if one.release is not None]
    pages = beside.usual(connection, file.official, in_question)
    return {
        "file": file,
        "expected": expected,
        "sentence": telling.sentence(file, expected),
        "sides": comparing.beside(file, pages),
        "fall": charts.waterfall(json.loads(file.case.evidence)),
        "timeline": telling.timeline(file),
        "siblings": beside.siblings(connection, file.case),
        "name_notes": _name_notes(file, expected),
        "apart": list(
            {
                one.release.id: (f"{one.profile.platform}:{one.release.platform_id}", one.release.title)
                for one in file.appearances
                if one.release is not None
            }.values()
        ),
        "ties": [] if file.campaign is None else beside.ties(file.campaign),
    }


def _name_notes(file: CaseFile, expected: list[str]) -> list[tuple[str, list[str]]]:
    """List what is odd in the names of the pages and credits, each name once."""
    printed = [one.profile.name for one in file.appearances]
    printed += [credit.name for one in file.appearances for credit in one.credits]
    if file.case.kind == "profile":
        printed.append(file.case.title)
    told = {name: names.notes(name, expected) for name in dict.fromkeys(printed)}
    return [(name, notes) for name, notes in told.items() if notes]


def raw(connection: Connection, case_id: int) -> dict[str, Any]:
    """Compose the raw answers behind a case."""
    file = case_file(connection, case_id)
    answers = list(beside.raw(connection, beside.questions(file.appearances)))
    return {"file": file, "answers": [(one, _indented(one.text)) for one in answers]}


def _indented(text: str | None) -> str:
    if text is None:
        return ""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=1)[:LONGEST_QUOTE]
    except (ValueError, RecursionError):
        return text
