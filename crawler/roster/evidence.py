"""How strongly two pages' discographies say that they are one artist's, in bits. Pure.

A barcode or an ISRC is issued once: shared ones speak loudly. Titles with their days speak together, titles alone
hardly, for namesakes share "Home" and imitators copy titles on purpose. What stands on the page and on no known one
speaks against it: a namesake's page with one misfiled release stays a namesake's.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from storage.facts.discography import Own
from storage.normalize import title_key

ACCEPTED = 12.0  # bits from which a page is taken for the artist's, where the operator says nothing else
MARGIN = 6.0  # bits by which it must surpass other pages of that name on the platform
BARCODE, ISRC, DATED, TITLED, STRANGE = (10.0, 4.0), (8.0, 2.0), (3.0, 2.0), (1.0, 0.25), 1.5  # first, each further
MOST = {"barcode": 26.0, "isrc": 16.0, "dated": 18.0, "titled": 2.0}
ENOUGH_DATED, OF_PAGE, OF_KNOWN = 3, 0.6, 0.5  # titles with days that can stand for codes: "most" of both pages
SUFFIX = re.compile(r"(?i)\s+-\s+(single|ep)$")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a page shares with an artist's known pages, release by release, each counted by its best tie."""

    bits: float
    barcodes: tuple[str, ...]
    isrcs: tuple[str, ...]
    dated: tuple[str, ...]  # titles with the same day
    titled: tuple[str, ...]
    strange: int  # releases that the known pages don't have
    of: int
    coded: bool  # an issued code is shared
    most: bool  # most titles and days of both pages are shared

    def sentence(self, known: Collection[str]) -> str:
        """Say what was met, quoting some of it."""
        told = [
            f"{len(found)} {word} ({', '.join(found[:3])}{', ...' if len(found) > 3 else ''})"
            for word, found in (
                ("barcodes", self.barcodes),
                ("ISRCs", self.isrcs),
                ("titles with their day", self.dated),
                ("titles alone", self.titled),
            )
            if found
        ]
        return (
            f"shares {', '.join(told) or 'nothing'} of {self.of} releases with {', '.join(sorted(known))}; "
            f"{self.strange} are strange to it; {self.bits:.1f} bits"
        )


def weigh(page: Sequence[Own], known: Sequence[Own], common: Collection[str] = ()) -> Evidence:
    """Hold a page against everything that stands on the artist's known pages; `common` are titles of many."""
    gtins = {own.gtin14 for own in known if own.gtin14}
    isrcs = {isrc for own in known for isrc in own.isrcs}
    days = {(key(own), own.day) for own in known if own.day is not None}
    titles = {key(own) for own in known}
    ties: dict[str, dict[str, str]] = {"barcode": {}, "isrc": {}, "dated": {}, "titled": {}, "strange": {}}
    for own in page:
        name = key(own)
        if own.gtin14 in gtins:
            ties["barcode"][str(own.gtin14)] = name
        elif shared := own.isrcs & isrcs:
            ties["isrc"].update(dict.fromkeys(sorted(shared), name))
        elif (name, own.day) in days:
            ties["dated"][own.title] = name
        elif name in titles:
            ties["titled"][own.title] = name
        else:
            ties["strange"][own.release_id] = name
    loud = {kind: {name for name in found.values() if name not in common} for kind, found in ties.items()}
    bits = _sum("barcode", BARCODE, len(ties["barcode"])) + _sum("isrc", ISRC, len(ties["isrc"]))
    bits += _sum("dated", DATED, len(loud["dated"])) + _sum("titled", TITLED, len(loud["titled"]))
    bits -= STRANGE * len(ties["strange"])
    tied = {name for kind in ("barcode", "isrc", "dated") for name in ties[kind].values()}
    here = {key(own) for own in page}
    dated = loud["dated"] | {name for kind in ("barcode", "isrc") for name in ties[kind].values()}
    most = (
        len(dated) >= ENOUGH_DATED
        and len(tied & here) >= OF_PAGE * len(here)
        and len(tied & titles) >= OF_KNOWN * len(titles)
    )
    barcodes, isrcs_met, dated_met, titled = (tuple(ties[kind]) for kind in ("barcode", "isrc", "dated", "titled"))
    coded = bool(ties["barcode"] or ties["isrc"])
    strange = len(ties["strange"])
    return Evidence(round(bits, 1), barcodes, isrcs_met, dated_met, titled, strange, len(page), coded, most)


def key(own: Own) -> str:
    """Fold a title without the words that a store adds."""
    return title_key(SUFFIX.sub("", own.title)) if SUFFIX.search(own.title) else own.title_key


def _sum(kind: str, weight: tuple[float, float], number: int) -> float:
    return min(weight[0] + weight[1] * (number - 1), MOST[kind]) if number else 0.0


def accepted(candidates: Sequence[tuple[str, Evidence]], least: float = ACCEPTED) -> str | None:
    """Choose the page that is the artist's, if one is strong enough, by codes or by most of both pages, and alone."""
    ranked = sorted(candidates, key=lambda one: -one[1].bits)
    if not ranked:
        return None
    profile_id, best = ranked[0]
    if best.bits < least or not (best.coded or best.most):
        return None
    rivals = [evidence for _, evidence in ranked[1:] if evidence.bits > best.bits - MARGIN]
    return None if rivals else profile_id
