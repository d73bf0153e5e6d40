"""Cleaning at the border, and folded forms for comparing. Pure.

Text is stored as printed; only what no database can hold is taken out of it, and what was taken out is told.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import stdnum.ean
import stdnum.isrc
from stdnum.exceptions import InvalidComponent, ValidationError

NAME = 1_000  # characters: names, titles
LINE = 600  # indexed as printed: PostgreSQL's index rows end at 2,704 bytes
LINK = 600
ID = 255
URL = 2_000
KEY = 300

_FAULTY = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# Marks that only decorate a letter. Vowel signs of Indic scripts and Japanese voicing are letters in their own right.
_DIACRITIC = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef]"
)
_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "n", "ŧ": "t"}
)
_ASCII_OTHER = re.compile("[^a-z0-9]+")
_NO_DIGIT = re.compile("[^0-9]+")
_NO_CODE = re.compile("[^A-Z0-9]+")
_SIGN = re.compile(r"^[\s,;]*(?:[℗©Ⓟⓟⓒ]|\((?:p|c)\)|copyright\b)", re.IGNORECASE)
_YEARS = re.compile(r"^[\s,;:.]*(?:19|20)\d\d(?:\s*[-–/,&]\s*(?:19|20)\d\d)*(?![\w-])")
_YEAR_AFTER = re.compile(r"(?:,\s*|\()(?:19|20)\d\d\)?[\s.]*$")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:[T ].*)?)?)?", re.DOTALL)
EARLIEST_YEAR = 1000


def clean_text(value: str, longest: int = NAME) -> tuple[str, tuple[str, ...]]:
    """Take out what no database can hold; return the text and what was wrong with it."""
    if len(value) <= longest and not _FAULTY.search(value):
        return value, ()
    faults = []
    if "\x00" in value:
        faults.append("NUL")
        value = value.replace("\x00", "")
    if _SURROGATE.search(value):
        whole = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")  # pairs become characters
        if "\ufffd" in whole and whole.count("\ufffd") > value.count("\ufffd"):
            faults.append("lone surrogates")
        value = whole
    if _CONTROL.search(value):
        faults.append("control characters")
        value = _CONTROL.sub("", value)
    if len(value) > longest:
        faults.append(f"over-long ({len(value)} characters)")
        value = value[:longest]
    return value, tuple(faults)


def name_key(name: str) -> str:
    """Fold a name for comparing: case, width, diacritics, punctuation, spaces and invisible characters go.

    A name made of symbols only keeps its symbols; scripts stay what they are.
    """
    if name.isascii():
        folded = name.lower()
    else:
        folded = unicodedata.normalize("NFKC", name).casefold()
        folded = unicodedata.normalize("NFKD", folded).casefold().translate(_UNDECOMPOSED)
        folded = unicodedata.normalize("NFKC", _DIACRITIC.sub("", folded))
    if folded.isalnum():
        return folded[:KEY]
    if folded.isascii():
        kept = _ASCII_OTHER.sub("", folded)
    else:
        kept = "".join(c for c in folded if unicodedata.category(c)[0] in "LNM")
    return (kept or "".join(c for c in folded if unicodedata.category(c)[0] in "PS"))[:KEY]


def title_key(title: str) -> str:
    """Fold a title for comparing, by the rules of names."""
    return name_key(title)


def line_key(line: str) -> str:
    """Fold a label, P or C line for comparing: the signs and years in front of the holder's name go as well."""
    holder = line
    while (shorter := _YEARS.sub("", _SIGN.sub("", holder))) != holder:
        holder = shorter
    return name_key(_YEAR_AFTER.sub("", holder)) or name_key(line)


@lru_cache(20_000)  # the library takes ten microseconds, and recordings stand on many releases
def isrc(raw: str | None) -> str | None:
    """Return an ISRC in its normal form, or None if it can't be one."""
    if raw is None:
        return None
    bare = _NO_CODE.sub("", raw.upper())
    try:
        return stdnum.isrc.validate(bare)
    except InvalidComponent:  # a country that the library does not know yet is no reason to be blind for it
        return bare
    except ValidationError:
        return None


def gtin14(raw: str | None) -> str | None:
    """Return a barcode as 14 digits, or None if its length or check digit is wrong."""
    if raw is None:
        return None
    digits = _NO_DIGIT.sub("", raw)
    if len(digits) not in (8, 12, 13, 14) or not digits.strip("0"):
        return None
    return digits.zfill(14) if stdnum.ean.calc_check_digit(digits[:-1]) == digits[-1] else None


@dataclass(frozen=True, slots=True)
class ClaimedDate:
    """A date as an uploader typed it: the text, how much of it is a date, and the first day it can mean."""

    raw: str
    precision: str  # day, month, year, none
    date: date | None


def claimed_date(raw: str) -> ClaimedDate:
    """Read a claimed date as far as it is one; "0000", an empty one and impossible ones are none."""
    match = _DATE.fullmatch(raw.strip())
    if match is None or int(match[1]) < EARLIEST_YEAR:
        return ClaimedDate(raw, "none", None)
    year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    precision = "day" if day else "month" if month else "year"
    try:
        return ClaimedDate(raw, precision, date(year, month or 1, day or 1))
    except ValueError:
        return ClaimedDate(raw, "none", None)
