"""Every weight of judgement, in bits, each with its source. The only file with a number that moves a score.

A weight says how much likelier a sign is among forgeries than among honest releases of such an artist, as log2.
`measured`: fitted on the half of the real catalogues that sets weights (`python -m benchmarks.judgement learn`).
`documented`: set by hand from the 128 documented forgeries against measured rates of honest releases.
`learnt`: from worlds of the sandbox. `hand`: set by judgement; no measurement of ours speaks for it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Weight:
    """Bits, where they come from, and what was measured."""

    bits: float
    source: str  # measured, documented, learnt, hand
    note: str


def _table(source: str, rows: dict[str, tuple[float, str]]) -> dict[str, Weight]:
    return {name: Weight(bits, source, note) for name, (bits, note) in rows.items()}


MEASURED = _table(
    "measured",
    {
        "line.home": (-2.56, "a holder that stood on an earlier release"),
        "line.home_share": (-0.77, "per log2 of the share of releases on it, plus 5.6"),
        "line.home_recent": (-3.28, "it stood on one of the three releases nearest in date"),
        "line.home_spread": (0.62, "per log2 of the other acts that use it: what many use says less"),
        "line.akin": (-3.76, "another spelling or imprint: a telling word is shared"),
        "line.new": (-0.59, "no holder of it ever stood on the artist's releases"),
        "line.new_rarity": (0.91, "per bit of how rarely something new is usual for the artist"),
        "line.new_depth": (0.28, "per log2 of the releases that never showed it"),
        "line.guest_known": (-2.1, "the artist was a guest on it before"),
        "line.guest_led": (-1.94, "somebody else leads the release: it is their label"),
        "line.new_spread": (0.12, "per log2 of the other acts that use it"),
        "line.new_unknown": (1.32, "no other act of the store uses it"),
        "company.usual": (-3.99, "somebody on it worked with the artist before"),
        "company.guest": (-1.64, "somebody on it was met on the artist's guest appearances"),
        "company.strangers": (0.1, "for each stranger on it, at most five"),
        "shape.length": (4.79, "per unit of log distance of its usual length, at most one"),
        "shape.style": (-0.59, "per natural log of how usual the title's style is"),
    },
)

DOCUMENTED = _table(
    "documented",
    {
        "line.self": (-0.2, "forged self-labels 2 of 19 rows, honest ones 12.3 %: never clears a release"),
        "date.silence": (0.5, "per bit: a quarter of victims long silent; halved, for lists have holes"),
        "date.after_death": (3.0, "10 of 23 victims dead or long silent; honest posthumous releases exist"),
        "date.burst": (0.5, "several fakes on one page within 30 days: 6 of 26; honest sisters 5.1 % a day"),
        "date.weekend": (1.0, "Friday for sure 3 of 8 fakes; honest Saturdays and Sundays 4 %"),
        "date.before_codes": (4.0, "0.0 % of honest releases since 2018 claim a year before their recordings"),
        "date.before_codes_older": (2.0, "2.3 % in the 2010s, more before; forgers type any date"),
        "shape.genre": (1.5, "a break of genre in 30 of 51 rows; honest genre breaks are no rarity"),
        "company.victims": (
            0.5,
            "the jazz wave; honest first meetings on a third label are as many (catalogues)",
        ),
        "tie.line": (2.2, "per log2 of artists: a label shared by several victims 15 of 17 where told"),
        "tie.writer": (2.5, "per log2 of artists: the same unknown writer recurring 10 of 12"),
        "writer.new": (1.0, "unknown writers on 12 of 12 where told"),
        "tie.cover": (3.0, "per log2 of artists: covers alike over victims 34 of 34 where told"),
        "stores.all": (-0.8, "fakes on several platforms at least 16 of 37 incidents; honest ones nearly all"),
        "page.titles": (1.2, "for each rare title, at most four: King Lizard Wizard carried five"),
        "recordings.stretched": (5.0, "a constant ratio is no edit: packs of sped up copies"),
    },
)

HAND = _table(
    "hand",
    {
        "prior.arrival": (-7.0, "about one arrival in 130 on an official page is not the artist's"),
        "prior.guest": (-9.0, "guest appearances are many and mostly real"),
        "prior.named": (-9.0, "titles and credits that name the artist are mostly somebody's own"),
        "prior.profile": (-9.0, "pages under the name or near it are mostly innocent namesakes"),
        "prior.disappearance": (-4.5, "releases go for contracts; few are taken"),
        "prior.tampering": (-4.5, "pages and covers change for marketing; few change hands"),
        "line.claimed": (-5.0, "the rights holder, or a verdict, called the line home; text is still typed"),
        "code.claimed": (-7.0, "the rights holder, or a verdict, called the code home; codes are issued"),
        "code.claimed_spread": (1.0, "per log2 of the other acts that share it: a distributor's code is no home alone"),
        "code.home": (-4.0, "issued, not typed: the catalogues' -0.6 is too thin to rest on (15 % tell codes)"),
        "code.home_spread": (0.6, "per log2 of the other acts that share it: distributors' codes say less"),
        "code.new": (0.5, "new on 25.6 % of honest releases, on half of those whose label is new too"),
        "code.new_country": (1.0, "new country letters on 7.2 % of honest releases"),
        "code.guest_known": (-1.0, "the registrant of a guest appearance"),
        "line.split": (2.0, "a home line beside another line of strangers: both were typed at once"),
        "line.not_claimed": (1.5, "the rights holder named the home lines, and this is none"),
        "code.not_claimed": (2.0, "the rights holder named the home prefixes, and this is none"),
        "writer.known": (-2.0, "a writer or producer of the artist's earlier releases; names can be typed"),
        "writer.new_rarity": (0.6, "per bit of how rarely only new writers are usual"),
        "code.new_rarity": (0.6, "per bit of how rarely a new registrant is usual; as for lines"),
        "barcode.claimed": (-6.0, "as for registrants"),
        "barcode.home": (-2.0, "prefixes of seven digits are shared; UPC is rare in the catalogues"),
        "barcode.new": (0.3, "a new prefix stands on 35-48 % of honest releases: orders of magnitude only"),
        "barcode.new_rarity": (0.3, "per bit of how rarely a new prefix is usual"),
        "provider.home": (-1.5, "the distributor of record as before"),
        "provider.new": (1.0, "one act may use several distributors"),
        "date.back_dated": (1.0, "no documented fake was; catalogue migrations are: context"),
        "recordings.known": (-4.0, "times the share of known codes: a re-delivery; codes could be typed"),
        "recordings.copied": (2.0, "the same titles and lengths under another registrant, at most twice"),
        "recordings.version_words": (1.0, "labels publish their own: context"),
        "recordings.tribute_words": (-3.0, "who says so does not pretend"),
        "recordings.changed": (2.0, "a list of tracks hardly changes; deluxe editions are new releases"),
        "recordings.changed_foreign": (4.0, "and the new one carries a strange registrant"),
        "recordings.changed_home": (-2.5, "what was added carries home codes: a bonus track"),
        "recordings.swapped": (2.0, "one went where another came"),
        "shape.script": (-1.2, "per natural log of how usual the title's script is; a script is cheap to type"),
        "stranger.credit": (0.5, "83 % of honest collaborations are first ones"),
        "stranger.nobody": (
            4.5,
            "a main artist with no public and no past: nearly every fake 'feat.', few honest ones",
        ),
        "claim.refused": (30.0, "an authority names the very thing"),
        "claim.refused_label": (12.0, "an authority refuses the label or prefix"),
        "claim.ours": (-30.0, "an authority names the very thing"),
        "reference.lists": (-5.0, "reference sources are edited by people; some list fakes"),
        "reference.anchored": (-10.0, "links of a reference source to the page"),
        "reference.elsewhere": (-7.0, "the page is linked from another artist"),
        "context.ai": (0.3, "disclosed by whoever uploads; human artists use it too: context"),
        "tie.registrant": (1.2, "per log2 of artists: distributors' registrants are shared by thousands"),
        "tie.code_run": (2.5, "per log2 of artists: one delivery, many names"),
        "tie.naming": (2.0, "per log2 of artists: dictionary runs"),
        "tie.image": (4.0, "the artist's own picture on another page"),
        "stores.missing": (0.7, "one fake never reached Apple; windows and territories exist"),
        "name.likeness": (0.45, "per bit of resemblance, at most 20"),
        "name.disguised": (1.5, "letters were changed to look alike"),
        "name.part": (-2.0, "the text says more than the name"),
        "name.in_title": (-4.0, "somebody else's title that says the name: tributes, covers and remixes of the day do"),
        "name.held": (5.0, "rare titles of the artist under a page whose name holds all words of the artist's but one"),
        "name.joint": (-3.0, "one of several names in one text, as stores write them"),
        "name.title": (-4.0, "a title that is the name: songs are called as bands are"),
        "name.common": (-1.5, "per log2 of namesakes seen and expected by chance"),
        "page.unfollowed": (1.0, "hardly anybody follows it; so does hardly anybody a debut: context"),
        "page.followed": (-4.0, "a public of its own"),
        "page.no_past": (1.0, "one song; every debut: context"),
        "page.long_past": (-3.0, "a catalogue with a past"),
        "page.home_recordings": (-4.0, "the artist's own recordings by their codes: likely an own page"),
        "page.home_codes": (-3.0, "codes of the artist's registrant"),
        "page.home_lines": (-1.0, "lines can be typed"),
        "page.home_whole": (-3.0, "issued codes are home and nothing on it is strange: a store split the page"),
        "bond.line": (4.0, "between two cases: a strange line on both"),
        "bond.registrant": (2.0, "between two cases: a strange registrant on both; alone it does not join"),
        "bond.code_run": (4.0, "between two cases: codes of one delivery on pages of different artists"),
        "bond.cover": (5.0, "between two cases: one cover on unrelated artists"),
        "bond.writer": (3.5, "between two cases: a writer nobody else knows"),
        "bond.image": (4.0, "between two cases: one picture on several pages"),
        "bond.naming": (3.0, "between neighbours in a run of at least four names"),
        "bond.hours": (1.0, "between two tied cases: seen within six hours; 25 of 29 fell on one day where told"),
        "bond.country": (1.0, "between two tied cases: documented waves were local"),
        "bond.tag": (0.5, "between two tied cases: the same roster tag"),
        "campaign.company": (2.0, "per log2 of artists in the wave, less what the member's own ties say"),
        "campaign.confirmed": (4.0, "somebody with a say confirmed a member"),
        "detector.impersonation": (2.0, "a detection system's word on the whole case; it decides nothing alone"),
        "detector.legitimate": (-2.0, "as above, the other way"),
        "detector.voice_clone": (2.0, "a voice that is not the singer's own; consent is not heard"),
        "detector.copy": (1.0, "a fingerprint shows a copy, not who uploaded it"),
        "detector.cover": (0.5, "covers are legal and many"),
        "detector.ai": (0.3, "AI-made is no impersonation: as context.ai"),
        "inverse.gone": (1.0, "two complete looks without it: who withdraws a release withdraws it everywhere"),
        "inverse.gone_somewhere": (4.0, "gone from one store and still on others: a complaint goes store by store"),
        "inverse.again": (-6.0, "delivered again under a new id"),
        "inverse.asked": (-8.0, "its going was asked for"),
        "inverse.page": (4.0, "name, image or link of an official page changed"),
        "inverse.cover": (1.0, "labels exchange covers: with nothing else it is a quiet case"),
    },
)

WEIGHTS: dict[str, Weight] = {**MEASURED, **DOCUMENTED, **HAND}


class NoSuchWeight(ValueError):
    """A weight was named that no question puts on."""


@contextmanager
def instead(bits: Mapping[str, float]) -> Iterator[None]:
    """Judge by other bits for a while: to see what they would do, in a process that keeps nothing."""
    unknown = sorted(bits.keys() - WEIGHTS.keys())
    if unknown:
        raise NoSuchWeight(f"no weight is called {unknown[0]!r}")
    before = dict(WEIGHTS)
    WEIGHTS.update({name: replace(WEIGHTS[name], bits=value) for name, value in bits.items()})
    try:
        yield
    finally:
        WEIGHTS.update(before)
