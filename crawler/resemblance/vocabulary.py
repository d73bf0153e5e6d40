"""Words that music puts around names: joiners, affixes, version tokens, articles, numbers; in the market's languages.

They are folded like any text, so that "Ofﬁcial" and "0fficial" are met too.
"""

from functools import lru_cache

import numpy as np

from crawler.resemblance.hashing import Table, rolling
from crawler.resemblance.letters import Bytes, Ints, Letters, read_letters

JOINER, AFFIX, SMALL, VERSION, WEAK, DIGITS = 1, 2, 4, 8, 16, 32

JOINERS = """
feat ft featuring feature with vs versus by meets presents pres prod producer produced starring avec con mit
com med
und et och og ve ile при
"""
WEAK_JOINERS = "x w и y e en i u και és 및 그리고 ja và dan ed ou oder"
"""Words that join names in one language and are a name's own in another: parts are made with and without them."""
MARKERS = "style styled made famous popularized originally performed inspired tribute tributo homenaje hommage salute"
"""Affixes that also part a title from the name after them ("in the style of X")."""
AFFIXES = """
official oficial officiel offiziell officieel ufficiale resmi ai ia bot music musik musique musica muzik topic
vevo tv channel records recordings entertainment hq
band group project artist artista singer rapper producer fanpage fan fans archive archives
clone voice type beat beats cover covers covered lo fi
like not best greatest hits collection playlist essentials
song songs new full real og jr dj mc part pt vol volume no
公式 オフィシャル официальный кавер 官方 翻唱 공식 커버
"""
VERSIONS = """
instrumental instrumentals version versions versao karaoke
remix remixed remixes rmx mix edit edits mashup bootleg flip vip dub rework reworked remake reprise
live vivo directo acoustic acustico acoustique unplugged session sessions demo demos unreleased leak leaked
snippet reupload mono stereo take outtake alternate alternative
sped speed up slowed down slow reverb reverbed reverberated nightcore daycore chopped screwed bass boosted 8d
16d 432hz phonk lofi
video videoclip clip audio lyric lyrics letra visualizer visualiser hd 4k explicit clean single album ep lp
deluxe edition expanded
remaster remastered remasterizado anniversary bonus track tracks radio extended original ost soundtrack theme
カラオケ リミックス ремикс караоке 伴奏 노래방
"""
"""Words that say which version of a song it is, and nothing of who made it."""
SMALLS = "the a an of in on to de del la le les el los das der die da do os as il lo l d for per für van von n и"
NUMBERS = {
    "zero one two three four five six seven eight nine ten eleven twelve": range(13),
    "thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty": range(13, 21),
    "thirty forty fifty sixty seventy eighty ninety hundred thousand": (30, 40, 50, 60, 70, 80, 90, 100, 1000),
    "too to for u r": (2, 2, 4, "you", "are"),
    "first second third ii iii iv": ("1st", "2nd", "3rd", 2, 3, 4),
    "street saint doctor mister junior senior brothers": ("st", "st", "dr", "mr", "jr", "sr", "bros"),
    "present presents featuring feat versus": ("pres", "pres", "ft", "ft", "vs"),
}


KINDS = (
    (JOINERS, JOINER),
    (WEAK_JOINERS, WEAK),
    (AFFIXES, AFFIX),
    (VERSIONS, AFFIX | VERSION),
    (MARKERS, JOINER | AFFIX),
    (SMALLS, SMALL),
)


FOREIGN_AFFIXES = frozenset(word for word in f"{AFFIXES} {VERSIONS}".split() if not word.isascii())


def word_hashes(read: Letters) -> Ints:
    """Return the hash of every word, by letters that look alike."""
    return rolling(read.alike).span(read.word_from, read.word_to).view(np.int64)


@lru_cache(maxsize=1)
def kinds_table() -> Table:
    """Return the kind of every word of the vocabulary."""
    keys, kinds = [], []
    for words, kind in KINDS:
        read = read_letters(words.split())
        keys.append(word_hashes(read))
        kinds.append(np.full(len(keys[-1]), kind, np.int32))
    return Table.of(np.concatenate(keys).view(np.uint64), np.concatenate(kinds))


@lru_cache(maxsize=1)
def numbers_table() -> tuple[Table, Ints]:
    """Return the words that stand for others, and the hashes of those others."""
    words = [(word, str(n)) for spelt, ns in NUMBERS.items() for word, n in zip(spelt.split(), ns, strict=True)]
    keys = word_hashes(read_letters([word for word, _ in words]))
    # a hyphen keeps "1st" one word
    others = [rolling(read_letters([n]).alike).sums[-1] for _, n in words]
    return Table.of(keys.view(np.uint64), np.arange(len(words), dtype=np.int32)), np.array(others).view(np.int64)


def word_kinds(read: Letters, hashes: Ints) -> Bytes:
    """Return for every word which kinds it is of, as bits; bare numbers stand around names like affixes."""
    kinds = np.zeros(len(hashes), np.uint8)
    at, kind = kinds_table().find(hashes.view(np.uint64))
    np.bitwise_or.at(kinds, at, kind.astype(np.uint8))
    if len(kinds):
        digits = np.minimum.reduceat(read.plain, read.word_from) > 26
        kinds[digits] |= AFFIX | DIGITS
    return kinds


def meant(hashes: Ints) -> Ints:
    """Return the hashes of words with numbers and shorthand written one way ("Five" as 5, "4" as "for" is not)."""
    table, others = numbers_table()
    at, which = table.find(hashes.view(np.uint64))
    hashes = hashes.copy()
    hashes[at] = others[which]
    return hashes
