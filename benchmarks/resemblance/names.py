"""The real names, titles and labelled pairs of ../shared, and the one rule that splits them in three.

By the one-byte blake2b of its folded letters, modulo 10, a name is for learning (under 3: tables are made of it), for
choosing (3 to 5: looked at while the matcher was changed) or kept (6 to 9: drawn only for the printed figures). Titles
and pairs go by the artist's name. Nothing of this is committed.

Before this rule there were two parts, and draws of what is kept now were looked at. So the printed figures also use
fresh names: artists of ../shared/catalogue that stand in no list of names, by the same rule.
"""

import csv
import gzip
import re
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from anyascii import anyascii

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "names"
CATALOGUE = SHARED.parent / "catalogue"


def squashed(name: str) -> str:
    """Return a name's letters and digits, folded roughly and independently of the matcher."""
    return "".join(c for c in anyascii(name).lower() if c.isalnum()) or name


def tenth(name: str) -> int:
    """Return which tenth of all names a name belongs to."""
    return blake2b(squashed(name).encode("utf-8", "replace"), digest_size=1).digest()[0] % 10


def is_learning(name: str) -> bool:
    """Say whether a name belongs to the names for learning."""
    return tenth(name) < 3


DIVIDER = re.compile(
    r"[,;/&+()|:]|\s[-–x]\s|\b(?:feat|ft|featuring|with|vs|and|con|y|e|und|et|w|by|presents|pres|meets)\b\.?", re.I
)


def members(credit: str) -> set[str]:
    """Return the squashed names that a joint credit divides into, and the whole."""
    return {squashed(credit), *(squashed(part) for part in DIVIDER.split(credit))} - {""}


def same_act(one: str, other: str) -> bool:
    """Say whether two lists spell one act: the same letters or words, in any order, but for "and" and "the"."""
    sides = [sorted(w for w in phrase(text).split() if w not in ("and", "the", "feat", "ft")) for text in (one, other)]
    return sides[0] == sides[1] or "".join(phrase(one).split()).replace("and", "") == "".join(
        phrase(other).split()
    ).replace("and", "")


def phrase(text: str) -> str:
    """Return a text's words, folded, between spaces, for looking up whole-word phrases."""
    return " " + " ".join(re.findall(r"[a-z0-9]+", anyascii(text).lower().replace("'", ""))) + " "


@lru_cache(maxsize=1)
def all_names() -> tuple[str, ...]:
    """Return every real name, in the order of the files."""
    names = []
    for path in sorted(SHARED.glob("artist_names.part*.tsv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            next(lines)
            names += [line.rstrip("\r\n").split("\t")[0] for line in lines]
    return tuple(dict.fromkeys(names))


def learning_names() -> list[str]:
    """Return the names that tables are learned from."""
    return [name for name in all_names() if is_learning(name)]


def choosing_names() -> list[str]:
    """Return the names that were looked at while the matcher was changed."""
    return [name for name in all_names() if 3 <= tenth(name) < 6]


def kept_names() -> list[str]:
    """Return the names that set nothing."""
    return [name for name in all_names() if tenth(name) >= 6]


def fresh_names() -> list[str]:
    """Return single artists of the catalogue that stand in no list of names and that set nothing."""
    known = {squashed(name) for name in all_names()}
    told = {row["artist"] for row in catalogue("releases") if not row["artist_id"].startswith("?")}
    single = (name for name in sorted(told) if not OPAQUE.fullmatch(name) and len(members(name)) == 1)
    return [name for name in single if squashed(name) not in known and tenth(name) >= 6]


OPAQUE = re.compile(r"(?=.*[0-9])[0-9A-Za-z]{22}|\W*")
"""What stands for an artist in some exports: an identifier, or nothing."""


@lru_cache(maxsize=2)
def catalogue(table: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a table of real releases or tracks."""
    with gzip.open(CATALOGUE / f"{table}.tsv.gz", "rt", encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def titles(part: range) -> list[tuple[str, str]]:
    """Return each real song title once with the artists of one of its tracks, of artists in some tenths of all."""
    told: dict[str, str] = {}
    for row in catalogue("tracks"):
        if row["title"] and row["artists"] and not OPAQUE.fullmatch(row["artists"]) and tenth(row["artists"]) in part:
            told.setdefault(row["title"], row["artists"])
    return list(told.items())


LEARNING, CHOOSING, KEPT = range(3), range(3, 6), range(6, 10)
NAMING = re.compile(
    r"\b(?:feat|ft|featuring|with|w|prod|produced|by|con|avec|mit|vs|versus|x|starring|presents|style of|tribute to|"
    r"cover of|from|para|for|homage to|inspired by|introducing|meets|and|con la|och|e|y|&)\b\.?|w/|&",
    re.I,
)
OWNED = re.compile(
    r"(?:'s|s')?\W+.*\b(?:remix|rmx|mix|edit|version|cover|dub|rework|bootleg|flip|vip|remake|refix|demo|beat)\b", re.I
)


def names_in(title: str) -> set[str]:
    """Return, squashed, what a title surely names: after "feat.", "by", "style of"; before "Remix" in brackets."""
    told: set[str] = set()
    pieces = re.split(r"[()\[\]]|\s[-–—|~]\s", title)
    for piece in pieces:
        after = NAMING.split(piece)[1:]
        told |= {part for some in after for part in members(some)}
    for piece in pieces[1:]:
        for end in (m.start() for m in re.finditer(r"(?:'s|s')?\s", piece + " ")):
            if OWNED.match(piece[end:]):
                told |= members(piece[:end])
    return told


def labelled_pairs() -> list[dict[str, str]]:
    """Return the labelled pairs (variant, canonical, relation, source, label)."""
    with (SHARED / "pairs_labelled.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
