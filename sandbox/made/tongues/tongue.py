"""The words of one language, from which names and titles are put together."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tongue:
    """Given names, the parts of family names, and heads and tails that fit each other in any pair.

    In another script than the Latin every word stands with its reading, and the reading of a whole is made from theirs.
    """

    name: str
    given: tuple[str, ...]
    stems: tuple[str, ...]
    endings: tuple[str, ...]
    heads: tuple[str, ...]
    tails: tuple[str, ...]
    houses: tuple[str, ...]
    readings: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]] | None = None
    family_first: bool = False
    glue: str = " "


def spelled(words: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split `text=reading` words, several separated by bars, into texts and readings."""
    pairs = [word.strip().split("=") for word in words.split("|")]
    return tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs)


def tongue(
    name: str, given: str, stems: str, endings: str, heads: str, tails: str, houses: str, *,
    family_first: bool = False, glue: str = " ",
) -> Tongue:  # fmt: skip
    """Make a language out of lists separated by bars; `=` gives readings."""
    lists = (given, stems, endings, heads, tails)
    if "=" not in given:
        a, b, c, d, e, f = (tuple(word.strip() for word in words.split("|")) for words in (*lists, houses))
        return Tongue(name, a, b, c, d, e, f)
    (a, ra), (b, rb), (c, rc), (d, rd), (e, re) = (spelled(words) for words in lists)
    return Tongue(name, a, b, c, d, e, tuple(houses.split("|")), (ra, rb, rc, rd, re), family_first, glue)
