"""The real names and labelled pairs of ../shared/names, and the one rule that splits them.

A name is for learning (30 %) when the one-byte blake2b of its folded letters, modulo 10, is under 3, else for
evaluation; no spelling of a learning name is ever measured. Nothing of this is committed.
"""

import csv
import gzip
import re
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from anyascii import anyascii

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "names"


def squashed(name: str) -> str:
    """Return a name's letters and digits, folded roughly and independently of the matcher."""
    return "".join(c for c in anyascii(name).lower() if c.isalnum()) or name


def is_learning(name: str) -> bool:
    """Say whether a name belongs to the names for learning."""
    return blake2b(squashed(name).encode("utf-8", "replace"), digest_size=1).digest()[0] % 10 < 3


DIVIDER = re.compile(
    r"[,;/&+()|:]|\s[-–x]\s|\b(?:feat|ft|featuring|with|vs|and|con|y|e|und|et|w|by|presents|pres|meets)\b\.?", re.I
)


def members(credit: str) -> set[str]:
    """Return the squashed names that a joint credit divides into, and the whole."""
    return {squashed(credit), *(squashed(part) for part in DIVIDER.split(credit))} - {""}


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


def evaluation_names() -> list[str]:
    """Return the names that are measured."""
    return [name for name in all_names() if not is_learning(name)]


def labelled_pairs() -> list[dict[str, str]]:
    """Return the labelled pairs (variant, canonical, relation, source, label)."""
    with (SHARED / "pairs_labelled.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
