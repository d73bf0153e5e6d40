"""docs/judgement.md can be followed by hand: its example is what judgement says today."""

from pathlib import Path

from crawler.journey.decide import case_of
from crawler.suspicion.score import RULES, judge, posterior
from crawler.suspicion.weights import WEIGHTS
from storage import cases, roster
from storage.database import open_database, upgrade, writing
from storage.models import release
from tests.commands import falsetto
from tests.making import NOW, arrival, shown

DOC = Path(__file__).resolve().parent.parent / "docs" / "judgement.md"


def example():
    judged = judge(arrival(shown(label="Gulden Tide Media", isrcs=("QZXY92600001",))))
    rows = ["| question | weight | source | times | bits | because |", "|---|---|---|---|---|---|"]
    rows += [f"| (prior) | prior.{judged.kind} | {WEIGHTS[f'prior.{judged.kind}'].source} | 1 | {judged.prior:g} | |"]
    for part in judged.parts:
        for w in part.weights:
            source = WEIGHTS[w.weight].source
            rows.append(f"| {part.signal} | {w.weight} | {source} | {w.times:g} | {w.bits:g} | {w.quote} |")
    rows.append(f"| **sum** | | | | **{judged.bits:g}** | score {judged.score:.3f} |")
    assert judged.score == posterior(judged.bits)
    return "\n".join(rows)


def test_the_example_is_what_judgement_says_today():
    told = DOC.read_text(encoding="utf-8").split("<!-- example -->")[1].split("<!-- /example -->")[0].strip()
    assert told == example()


def test_the_example_adds_up_as_printed():
    told = DOC.read_text(encoding="utf-8").split("<!-- example -->")[1].split("<!-- /example -->")[0]
    cells = [row.split("|")[1:-1] for row in told.strip().splitlines()[2:]]
    bits = [float(row[4].strip().strip("*")) for row in cells]
    assert round(sum(bits[:-1]), 3) == bits[-1]
    for row in cells[1:-1]:
        assert round(WEIGHTS[row[1].strip()].bits * float(row[3]), 3) == float(row[4])


def test_the_command_line_shows_the_example_case_as_the_page_does(tmp_path):
    event = arrival(shown(label="Gulden Tide Media", isrcs=("QZXY92600001",)))
    url = f"sqlite:///{tmp_path / 'falsetto.db'}"
    upgrade(url)
    engine = open_database(url)
    with writing(engine) as connection:
        roster.keep_artists(connection, [roster.Monitored("k", "Orla Venn", None, 1.0, (), ())], NOW)
        page = roster.Standing(1, "deezer", "100", "official", "roster", "Orla Venn")
        roster.keep_standings(connection, [page], NOW)
        row = {"id": 99, "platform": "deezer", "platform_id": "r1", "title": event.shown.title, "title_key": "x"}
        seen = {"first_seen_at": NOW, "last_seen_at": NOW}
        connection.execute(release.insert().values(**row, **seen))
        cases.keep(connection, [case_of(event, 99, judge(event), None, NOW)], NOW)
    engine.dispose()
    printed = falsetto("cases", "show", "1", folder=tmp_path, database_url=url).stdout
    table = DOC.read_text(encoding="utf-8").split("<!-- example -->")[1].split("<!-- /example -->")[0]
    parts: dict[str, float] = {}
    for cells in (row.split("|")[1:-1] for row in table.strip().splitlines()[2:]):
        question, bits, because = cells[0].strip(), float(cells[4].strip().strip("*")), cells[5].strip()
        parts[question] = parts.get(question, 0.0) + bits
        assert question == "**sum**" or because in printed
    total = parts.pop("**sum**")
    assert f"({total:+.1f} bits)" in printed
    for question, bits in parts.items():
        assert f"fired {bits:+6.2f}" in printed, question


def weights_page():
    """Write docs/judgement-weights.md as the table of weights is: `python -m tests.test_judgement_doc` does it."""
    sources = {
        "measured": "Fitted on one half of the real catalogues: `python -m benchmarks.judgement learn`.",
        "documented": "Set by hand from 128 documented forgeries against measured rates of honest releases.",
        "learnt": "Learnt from worlds of the sandbox.",
        "hand": "Set by judgement; no measurement of ours speaks for it.",
    }
    lines = ["# Every weight of judgement", ""]
    lines += [
        f"As rules `{RULES}` have them. `crawler/suspicion/weights.py` is the table; a test keeps this page the same."
    ]
    for source, sentence in sources.items():
        rows = sorted((name, one) for name, one in WEIGHTS.items() if one.source == source)
        if rows:
            lines += ["", f"## {source}", sentence, "", "| weight | bits | what it rests on |", "|---|---|---|"]
            lines += [f"| {name} | {one.bits:+g} | {one.note} |" for name, one in rows]
    return "\n".join(lines) + "\n"


def test_the_page_of_weights_is_the_table():
    assert (DOC.parent / "judgement-weights.md").read_text(encoding="utf-8") == weights_page()


if __name__ == "__main__":
    (DOC.parent / "judgement-weights.md").write_text(weights_page(), encoding="utf-8")
