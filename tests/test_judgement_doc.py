"""docs/judgement.md can be followed by hand: its example is what judgement says today."""

from pathlib import Path

from crawler.suspicion.score import judge, posterior
from crawler.suspicion.weights import WEIGHTS
from tests.making import arrival, shown

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
