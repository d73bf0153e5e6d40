"""Totality: real and mutated names and titles, mutated rosters, hostile signs; nothing raises, nothing takes long.

For every text: matching, as a name and as a title, and explaining every candidate however faint; for every tenth its
folding and its key, for some names the queries too. No text can take longer than the thousand it is asked with, so
those are timed together, and one by one only where together they took longer than one may. Seed and count are
printed: `python -m benchmarks.resemblance.fuzz [COUNT [SEED]]`. The same functions run, shorter, in the tests.
"""

import random
import sys
import time
from collections.abc import Iterable

from benchmarks.resemblance.imitations import ALL
from benchmarks.resemblance.names import all_names, titles
from crawler.resemblance import Index, Kind, RosterName, build_index, explain_all, fold, name_key, plan_queries
from crawler.resemblance.explain import explained

SEED = 107
COUNT = 1_000_000
ROSTER = 600
BATCH = 1_000
OFTEN = 50_000
"""Texts after which it is told how far it is, for whoever has to stop it."""
LIMIT = 0.3
"""Seconds that one text may take."""
LONGEST = 100_000
SIGNS = (
    "\u200b\u2060\u202e\u202d\u202c\u2066\u2069\ufeff\u3164\u00ad\u0301\u0308\u20dd\ud800\udfff\x00\x1f\x85\u2028\n"
    "\r\t \u00a0\u3000"
    "|+×•・ー&;%<>()[]{}'\"“”’!?$@#0123456789和与與及ßſŉﬃ㎏①Ⅷ𝓐𝟘🅐😀\U000e0041\ue000АЕоѕЯИΣאبक्क한글ㅏตั\u0e33"
)


def mutated(rng: random.Random, text: str, other: str) -> str:
    """Return a text after one to four changes: signs put in, taken out, doubled, numbers changed, texts joined."""
    for _ in range(rng.randint(1, 4)):
        at = rng.randint(0, len(text))
        way = rng.randrange(9)
        if way == 0:
            text = text[:at] + rng.choice(SIGNS) * rng.randint(1, 3) + text[at:]
        elif way == 1:
            text = text[:at] + text[at + rng.randint(1, 4) :]
        elif way == 2:
            text = (
                text[:at]
                + chr(rng.choice((rng.randrange(0x250), rng.randrange(0x11000), rng.randrange(0x110000))))
                + text[at:]
            )
        elif way == 3:
            text = f"{text}{rng.choice((' & ', ' feat. ', '|', ' (', ' - ', ', ', ''))}{other}"
        elif way == 4:
            text = f"{text} ({rng.randint(0, 2030)})"
        elif way == 5:
            words = text.split()
            rng.shuffle(words)
            text = " ".join(words)
        elif way == 6:
            text = rng.choice((text.upper(), text.lower(), text[::-1], f"\u202e{text[::-1]}\u202c", text.swapcase()))
        elif way == 7:
            text = ALL[rng.choice(list(ALL))](rng, text) or text
        else:
            text = f"{text[:at]}{rng.choice(('&amp;', '%20', '&#233;', '%F0%9F', '&bad;', '%ZZ'))}{text[at:]}"
    return text


def batch(rng: random.Random, pool: list[str], count: int) -> tuple[list[str], list[str]]:
    """Return texts and a roster that many of them are mutations of."""
    roster = [rng.choice(pool) for _ in range(ROSTER)]
    roster = [mutated(rng, name, rng.choice(pool)) if rng.random() < 0.3 else name for name in roster]
    texts = [mutated(rng, rng.choice(roster if rng.random() < 0.7 else pool), rng.choice(roster)) for _ in range(count)]
    return texts, roster


def run(texts: list[str], roster: list[str]) -> tuple[int, float]:
    """Match, explain, fold and key texts, and plan queries; return what was explained, and the longest of both passes.

    A pass that took longer than one text may is told as the time of its slowest text.
    """
    index = indexed(roster)
    index = index.without(["0", "1"]).with_names([RosterName("new", roster[-1], (roster[0],))])
    told, longest = 0, 0.0
    for kind in ("name", "title"):
        start = time.process_time()
        found = index.match_many(texts, kind=kind, least=0.0)
        explain_all((match.text, match.span, match.alias) for matches in found for match in matches)
        for match in (match for matches in found for match in matches):
            told += bool(match.kinds and match.evidence)
            assert match.text[slice(*match.span)] == match.part
        spent = time.process_time() - start
        longest = max(longest, spent if spent < LIMIT else slowest(texts, index, kind)[0])
    for text in texts[::10]:
        assert name_key(name_key(text)) == name_key(text)
        fold(text)
    for name in roster[::20]:
        plan_queries(name)
    return told, longest


def slowest(texts: Iterable[str], index: Index, kind: Kind = "name") -> tuple[float, str]:
    """Return the longest time that one text took to be matched and explained, and the text."""
    worst = (0.0, "")
    for text in texts:
        explained.clear()
        start = time.process_time()
        for match in index.match(text, kind=kind, least=0.0):
            _ = match.evidence
        worst = max(worst, (time.process_time() - start, text))
    return worst


def hostile(name: str, other: str) -> list[str]:
    """Return texts of 100,000 signs that are hard on patterns, tables and nesting."""
    gap = LONGEST - len(name) - 1
    return [
        f"{name}{' ' * gap}é",
        (name + " ") * (LONGEST // (len(name) + 1)),
        "\u202e" * LONGEST,
        "\u202e(" * (LONGEST // 2),
        "\u202e\u202c" * (LONGEST // 2),
        "\u202eА" * (LONGEST // 2),
        "\u202e\u202d" * (LONGEST // 2),
        "a" * LONGEST,
        "\ud800" * LONGEST,
        "&" * LONGEST,
        "&amp;" * (LONGEST // 5),
        "%41" * (LONGEST // 3),
        "!?! " * (LONGEST // 4),
        "(" * (LONGEST // 2) + ")" * (LONGEST // 2),
        "é(" * (LONGEST // 2),
        f"{name} feat. {other} & " * (LONGEST // (len(name) + len(other) + 10)),
        f"{name}|{other}|" * (LONGEST // (len(name) + len(other) + 2)),
        "e\u0301" * (LONGEST // 2),
        "o" + "\u0301" * LONGEST,
        "\u200b" * LONGEST + name,
        "和" * LONGEST,
        "한글 " * (LONGEST // 3),
        "".join(chr(0x4E00 + at % 20_000) for at in range(LONGEST)),
        "a b " * (LONGEST // 4),
        "0123456789 " * (LONGEST // 11),
        "${name}" * (LONGEST // 7),
        "|" * LONGEST,
        "a|" * (LONGEST // 2),
    ]


def main(count: int = COUNT, seed: int = SEED) -> None:
    """Run so many texts, and print what came of them."""
    rng = random.Random(seed)
    pool = [*all_names(), *(title for title, _ in titles(range(10)))]
    done = told = 0
    longest, start = 0.0, time.process_time()
    while done < count:
        texts, roster = batch(rng, pool, BATCH)
        some, spent = run(texts, roster)
        done, told, longest = done + len(texts), told + some, max(longest, spent)
        if done % OFTEN == 0:
            print(f"  {done:,} texts, {told:,} explained, at most {longest * 1000:.0f} ms", flush=True)
    print(f"seed {seed}: {done:,} texts, each as a name and as a title, {told:,} matches explained; none raised")
    spent = time.process_time() - start
    print(f"  {spent:.0f} s CPU; none took over {longest * 1000:.0f} ms, the longest that {BATCH:,} took together")
    index = indexed([*random.Random(seed).sample(list(all_names()), 10_000), "Drake", "Quorlaz"])
    each = [(slowest([text], index)[0], text[:12]) for text in hostile("Drake", "Quorlaz")]
    worst, which = max(each)
    print(f"  {len(each)} hostile texts of 100,000 signs on 10,000 names: most {worst * 1000:.0f} ms ({which!r})")


def indexed(roster: list[str]) -> Index:
    """Return the index of a roster."""
    return build_index(RosterName(str(number), name) for number, name in enumerate(roster))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
