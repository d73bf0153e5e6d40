"""Charts as SVG made here, each with the table of its numbers: no script draws, no colour alone tells. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from crawler.suspicion.score import posterior

WIDTH, ROW, LABEL = 420, 22, 172  # narrow enough to be read on a phone
LONGEST, GRAPH = 31, 640


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing and the numbers that it draws."""

    title: str
    svg: Markup
    head: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    caption: str  # what is drawn


def columns(title: str, head: tuple[str, str], rows: Sequence[tuple[str, int]]) -> Chart:
    """Draw one column for each row, such as a day."""
    height, foot = 150, 18
    most = max((value for _, value in rows), default=0) or 1
    step = WIDTH / max(1, len(rows))
    drawn = []
    for at, (label, value) in enumerate(rows):
        tall = value / most * (height - foot - 14)
        x, y = at * step + step * 0.1, height - foot - tall
        drawn.append(
            Markup(
                '<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{}</title></rect>'
            ).format(x, y, step * 0.8, max(tall, 0.5 if value else 0), f"{label}: {value}")
        )
        if at % max(1, len(rows) // 6) == 0:
            drawn.append(Markup('<text x="{:.1f}" y="{}">{}</text>').format(x, height - 4, label))
    drawn.append(Markup('<text x="0" y="10">{}</text>').format(f"most: {most}"))
    return Chart(title, _svg(title, height, drawn), head, tuple(rows), f"{head[1].capitalize()} for each {head[0]}.")


def bars(title: str, head: tuple[str, str], rows: Sequence[tuple[str, float]], unit: str = "") -> Chart:
    """Draw one bar for each row."""
    most = max((value for _, value in rows), default=0) or 1
    drawn = []
    for at, (label, value) in enumerate(rows):
        y = at * ROW
        wide = value / most * (WIDTH - LABEL - 70)
        drawn += [
            Markup('<text x="0" y="{}">{}</text>').format(y + 15, label[:LONGEST]),
            Markup('<rect class="bar" x="{}" y="{}" width="{:.1f}" height="{}"></rect>').format(
                LABEL, y + 3, wide, ROW - 6
            ),
            Markup('<text x="{:.1f}" y="{}">{:g}{}</text>').format(LABEL + wide + 6, y + 15, value, unit),
        ]
    caption = f"{head[1].capitalize()} for each {head[0]}."
    return Chart(title, _svg(title, max(ROW, len(rows) * ROW), drawn), head, tuple(rows), caption)


def pairs(title: str, head: tuple[str, str, str], rows: Sequence[tuple[str, float, float]]) -> Chart:
    """Draw two bars for each row: what was, and what was expected, the second in outline."""
    most = max((max(one, two) for _, one, two in rows), default=0) or 1
    drawn = []
    for at, (label, one, two) in enumerate(rows):
        y, scale = at * ROW, (WIDTH - LABEL - 90) / most
        drawn += [
            Markup('<text x="0" y="{}">{}</text>').format(y + 15, label),
            Markup('<rect class="bar" x="{}" y="{}" width="{:.1f}" height="8"></rect>').format(
                LABEL, y + 3, one * scale
            ),
            Markup('<rect class="outline" x="{}" y="{}" width="{:.1f}" height="6"></rect>').format(
                LABEL, y + 12, two * scale
            ),
            Markup('<text x="{:.1f}" y="{}">{:g} / {:g}</text>').format(
                LABEL + max(one, two) * scale + 6, y + 15, one, two
            ),
        ]
    caption = f"Filled: {head[1]}; in outline: {head[2]}."
    return Chart(title, _svg(title, max(ROW, len(rows) * ROW), drawn), head, tuple(rows), caption)


@dataclass(frozen=True, slots=True)
class Fall:
    """A score as it adds up: every part with the sum so far."""

    svg: Markup
    steps: tuple[tuple[dict[str, Any], float], ...]  # the signal, and the sum behind it
    quiet: tuple[dict[str, Any], ...]
    blind: tuple[dict[str, Any], ...]
    bits: float
    low: float
    high: float
    score: float


def waterfall(signals: Sequence[dict[str, Any]]) -> Fall:
    """Draw a case's signals as steps that add up to its bits, and how far what is blind might move the sum."""
    moved = [one for one in signals if one["state"] != "blind" and one["bits"]]
    blind = tuple(one for one in signals if one["state"] == "blind")
    steps, total = [], 0.0
    for one in moved:
        total = round(total + one["bits"], 3)
        steps.append((one, total))
    low = round(total + sum(one.get("low", 0.0) for one in signals), 3)
    high = round(total + sum(one.get("high", 0.0) for one in signals), 3)
    quiet = tuple(one for one in signals if one["state"] != "blind" and not one["bits"])
    return Fall(_steps(steps, total, low, high), tuple(steps), quiet, blind, total, low, high, posterior(total))


def _steps(steps: Sequence[tuple[dict[str, Any], float]], total: float, low: float, high: float) -> Markup:
    ends = [0.0, low, high, *(after for _, after in steps)]
    least, most = min(ends), max(ends)
    scale = (WIDTH - LABEL - 60) / ((most - least) or 1.0)

    def at(bits: float) -> float:
        return LABEL + (bits - least) * scale

    drawn, before = [], 0.0
    rows = len(steps) + 1
    drawn.append(
        Markup('<line class="zero" x1="{0:.1f}" x2="{0:.1f}" y1="0" y2="{1}"></line>').format(at(0), rows * ROW)
    )
    for n, (one, after) in enumerate(steps):
        y, side = n * ROW, "against" if one["bits"] > 0 else "for"
        x = at(min(before, after))
        drawn += [
            Markup('<text x="0" y="{}">{}</text>').format(y + 15, str(one["signal"]).replace("_", " ")[:LONGEST]),
            Markup('<rect class="{}" x="{:.1f}" y="{}" width="{:.1f}" height="{}"></rect>').format(
                side, x, y + 3, max(1.0, abs(after - before) * scale), ROW - 6
            ),
            Markup('<text x="{:.1f}" y="{}">{:+.1f}</text>').format(at(max(before, after)) + 4, y + 15, one["bits"]),
        ]
        before = after
    y = len(steps) * ROW
    drawn += [
        Markup('<text class="strong" x="0" y="{}">{}</text>').format(y + 15, "sum, and what is blind"),
        Markup('<rect class="outline" x="{:.1f}" y="{}" width="{:.1f}" height="{}"></rect>').format(
            at(low), y + 6, max(1.0, (high - low) * scale), ROW - 12
        ),
        Markup('<rect class="sum" x="{:.1f}" y="{}" width="3" height="{}"></rect>').format(
            at(total) - 1.5, y + 2, ROW - 4
        ),
        Markup('<text class="strong" x="{:.1f}" y="{}">{:+.1f}</text>').format(at(high) + 4, y + 15, total),
    ]
    return _svg("signals in bits, adding up to the score", rows * ROW, drawn)


def graph(title: str, left: Sequence[str], right: Sequence[str], edges: Sequence[tuple[int, int]]) -> Markup:
    """Draw what ties what: names on the left, names on the right, a line for each pair."""
    height = max(len(left), len(right), 1) * ROW

    def place(index: int, of: int) -> float:
        return (index + 0.5) * height / max(1, of)

    drawn = [
        Markup('<line class="tie" x1="306" y1="{:.1f}" x2="400" y2="{:.1f}"></line>').format(
            place(a, len(left)), place(b, len(right))
        )
        for a, b in edges
    ]
    for names, x, anchor in ((left, 300, "end"), (right, 406, "start")):
        drawn += [
            Markup('<text x="{}" y="{:.1f}" text-anchor="{}">{}</text>').format(
                x, place(n, len(names)) + 4, anchor, name[:42]
            )
            for n, name in enumerate(names)
        ]
    return _svg(title, height, drawn, GRAPH)


def _svg(title: str, height: float, drawn: Sequence[Markup], width: int = WIDTH) -> Markup:
    return Markup(
        '<svg class="chart{}" role="img" aria-label="{}" viewBox="0 0 {} {}" preserveAspectRatio="xMinYMin meet">{}'
        "</svg>"
    ).format(" wide" if width > WIDTH else "", title, width, height, Markup("").join(drawn))
