"""Learn what crawler/resemblance/data ships, from the learning names alone: `python -m benchmarks.resemblance.learn`.

1. letters.bin: bits of each letter after two others, in eighths, one byte each (37 x 37 x 37).
2. words.txt, title_words.txt: words that at least 12 names, or titles, share, by bits of their frequency, in halves.
3. weights.txt, title_weights.txt: what each feature of a candidate says for an imitation, by ridge logistic regression
   of imitations (the templates to learn from, seeds from 11 on) and of labelled pairs that were really met, of names
   in REAL, against chance matches in other names, or in titles.
4. chances.txt, title_chances.txt: how often chance reaches so many bits with one given name, in the same texts.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from benchmarks.resemblance.imitations import LEARNED, Way, after, imitations
from benchmarks.resemblance.names import (
    LEARNING,
    labelled_pairs,
    learning_names,
    members,
    names_in,
    same_act,
    squashed,
    tenth,
    titles,
)
from crawler.resemblance.features import measure, shared_words
from crawler.resemblance.folding import Origin
from crawler.resemblance.hashing import rolling
from crawler.resemblance.index import Index, Kind, Weighed, build_index
from crawler.resemblance.language import FOLLOWERS, TITLES, UNIT, shipped
from crawler.resemblance.letters import ALPHABET, STRONG, Letters, read_letters
from crawler.resemblance.match import RosterName
from crawler.resemblance.printed import as_shown
from crawler.resemblance.score import TIERS

DATA = Path("crawler/resemblance/data")
SHARED_BY = 12
ROUNDS, STEPS = 4, 25
DRAWS = 2
RIDGE, RIDGE_OF_TIER = 3.0, 30.0
OFTEN = {"exact": 0.03} | dict.fromkeys(("whole typo1", "whole respelt", "whole diacritics", "whole spacing"), 0.1)
"""How often a way is met, against the others: hardly anybody rides on a name by calling a song so."""
OFTEN |= {"real": 5.0, "article_more": 0.3, "initials": 0.3, "last_name": 0.05}
REAL = range(6)
"""The tenths of names whose labelled pairs are learned from; what the others say is only printed."""
WEIGHT = 300.0
"""What all imitations of one kind weigh together, in chance matches."""
PRINTED = [origin.name.lower() for origin in Origin if origin]


def letter_steps(read: Letters) -> np.ndarray:
    """Count letters after two others and smooth them by the shorter contexts."""
    counts = np.zeros((FOLLOWERS,) * 3)
    for a, b in zip(read.word_from, read.word_to, strict=True):
        word = [0, 0, *read.plain[a:b].tolist(), 0]
        for i in range(2, len(word)):
            counts[word[i - 2], word[i - 1], word[i]] += 1
    one = (counts.sum((0, 1)) + 1) / (counts.sum() + FOLLOWERS)
    two = (counts.sum(0) + 20 * one) / (counts.sum((0, 2))[:, None] + 20)
    three = (counts + 20 * two[None]) / (counts.sum(2)[:, :, None] + 20)
    return np.clip(np.round(-np.log2(three) * UNIT), 0, 255).astype(np.uint8)


def words_of_many(read: Letters) -> dict[float, list[str]]:
    """Return the words that many names share, by the bits of their frequency."""
    alphabet = "?" + ALPHABET
    seen: Counter[str] = Counter()
    for row in range(len(read.rows)):
        words = range(read.row_words[row], read.row_words[row + 1])
        if (read.word_gap[words] == STRONG).any():
            continue  # a joint credit repeats its members' names
        spelt = ("".join(alphabet[c] for c in read.plain[read.word_from[w] : read.word_to[w]]) for w in words)
        seen.update(set(spelt))
    total = sum(seen.values())
    classes: dict[float, list[str]] = {}
    for word, count in sorted(seen.items()):
        if count >= SHARED_BY:
            classes.setdefault(round(-2 * np.log2(count / total)) / 2, []).append(word)
    return dict(sorted(classes.items()))


def candidates(index: Index, texts: list[str], kind: Kind) -> tuple[np.ndarray, list[str], Weighed]:
    """Return the features of every candidate of texts."""
    weighed = index.weigh([as_shown(text) for text in texts], kind)
    batch, found = weighed.batch, weighed.found
    letters = rolling(batch.read.plain)
    bits = shipped().bits(batch.read, letters)
    usual = shipped(TITLES).bits(batch.read, letters) if kind == "title" else None
    shared = shared_words(batch, bits, found, index.spellings)
    told = measure(batch, bits, found, index.spellings, shared, usual)
    return np.stack([np.asarray(v, np.float64) for v in told.values()], axis=1), list(told), weighed


def regression(
    x: np.ndarray, y: np.ndarray, weight: np.ndarray, before: np.ndarray, ridge: float, guess: np.ndarray
) -> np.ndarray:
    """Return the weights of a logistic regression by Newton's method from a guess, held to those before by a ridge.

    The last weight is the constant, which is held by nothing.
    """
    spread = np.append(np.where(x.std(0) > 0, x.std(0), 1), 1)
    z = np.column_stack((x, np.ones(len(x)))) / spread
    penalty = np.append(np.full(x.shape[1], ridge), 1e-6)
    start = before * spread
    w = guess * spread
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-np.clip(z @ w, -30, 30)))
        slope = z.T @ (weight * (y - p)) - penalty * (w - start)
        curve = (z * (weight * p * (1 - p) + 1e-9)[:, None]).T @ z + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        step *= min(1, 5 / max(1e-9, np.abs(step).max()))
        # where hardly anything speaks against a feature a whole step may go too far, and the next one farther
        before_it = loss(z @ w, y, weight) + (penalty * (w - start) ** 2).sum() / 2
        for _ in range(STEPS):
            after = w + step
            if loss(z @ after, y, weight) + (penalty * (after - start) ** 2).sum() / 2 <= before_it:
                break
            step /= 2
        w += step
        if np.abs(step).max() < 1e-3:
            break
    return w / spread


def loss(said: np.ndarray, y: np.ndarray, weight: np.ndarray) -> float:
    """Return how surprising the truth is to what a regression says of it, in nats."""
    return float((weight * np.logaddexp(0, np.where(y > 0, -said, said))).sum())


@dataclass(frozen=True)
class Examples:
    """Candidates to learn from: their features, what they are, the weight of each, and which of them to choose from."""

    x: np.ndarray
    y: np.ndarray
    weight: np.ndarray
    tier: np.ndarray
    group: np.ndarray
    """Of the candidates of one group only the loudest counts."""

    def loudest(self, said: np.ndarray) -> np.ndarray:
        """Return the loudest candidate of every group."""
        return best_of(said, self.group)


def learned(told: Examples, columns: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the weights of each tier, one row each, the constant last; and what they say of every example.

    First all tiers as one, then each held to that. A letter printed more plainly than the name never speaks for it: a
    name may be printed exactly as it is, and no plainer print may beat that.
    """
    plainer = np.array([name.startswith("un") and name[2:] in PRINTED for name in columns] + [False])
    said = np.zeros(len(told.y))
    nothing = np.zeros(len(columns) + 1)
    every, w = nothing, np.zeros((TIERS, len(columns) + 1))
    rows = told.loudest(-told.tier.astype(float))
    for _ in range(ROUNDS):
        every = regression(told.x[rows], told.y[rows], told.weight[rows], nothing, RIDGE, every)
        for tier in range(TIERS):
            some = rows[told.tier[rows] == tier]
            w[tier] = regression(told.x[some], told.y[some], told.weight[some], every, RIDGE_OF_TIER, w[tier])
        w[:, plainer] = np.minimum(w[:, plainer], 0)
        said = (told.x * w[told.tier, :-1]).sum(1) + w[told.tier, -1]
        # a text is judged by its best candidate alone, so the others are no examples of anything
        rows = told.loudest(said)
    return w, said


def best_of(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return the place of the greatest value of every group."""
    order = np.lexsort((-values, groups))
    return order[np.unique(groups[order], return_index=True)[1]]


@dataclass(frozen=True)
class Lesson:
    """What is learned from: a roster, imitations of it, and texts that know nothing of it with what they truly name."""

    kind: Kind
    roster: list[str]
    made: list[tuple[str, str, str]]
    others: list[str]
    named: list[set[str]]
    """For each of the others, squashed, the names that are in it by right."""


def names_lessons(names: list[str], part: range = REAL) -> Iterator[Lesson]:
    """Draw rosters of 15,000 of the names several times, and 40,000 others; add the pairs that are really met."""
    met = real_pairs(part)
    spelt = {squashed(variant) for variant, _ in met}
    for seed in range(11, 11 + DRAWS):
        names = random.Random(seed).sample(names, len(names))
        roster, others = names[:15_000], [name for name in names[15_000:55_000] if squashed(name) not in spelt]
        made = imitations(LEARNED, roster, 700, seed=seed) + [("real", variant, name) for variant, name in met]
        roster = list(dict.fromkeys(roster + [name for _, name in met]))
        yield Lesson("credit", roster, made, others, [members(text) for text in others])


def real_pairs(part: range) -> list[tuple[str, str]]:
    """Return the labelled pairs of one act, as printed and as it is called, of names in some tenths of all."""
    rows = [row for row in labelled_pairs() if row["label"] == "same" and tenth(row["canonical"]) in part]
    pairs = dict.fromkeys((row["variant"], row["canonical"]) for row in rows)
    return [(variant, name) for variant, name in pairs if variant != name]


def titles_lessons(names: list[str]) -> Iterator[Lesson]:
    """Draw rosters as often, and real titles of learning artists; those name somebody only where they say so."""
    told = titles(LEARNING)
    named = [names_in(title) | members(artists) for title, artists in told]
    for seed in range(11, 11 + DRAWS):
        roster = random.Random(seed).sample(names, len(names))[:15_000]
        yield Lesson("title", roster, imitations(in_titles(), roster, 700, seed=seed), [t for t, _ in told], named)


def in_titles() -> dict[str, Way]:
    """Return the ways in which a title rides on a name: whole, plain or disguised, or in a phrase."""
    embedded = LEARNED["embedded"]
    disguises = (
        "homoglyph",
        "leet",
        "invisible",
        "styled",
        "typo1",
        "respelt",
        "diacritics",
        "faux_cyrillic",
        "spacing",
    )
    table = {
        "exact": lambda rng, name: name + " ",
        "embedded": embedded,
        "embedded again": embedded,
        "article": after(LEARNED["article"], embedded),
        "creditlist": LEARNED["creditlist"],
        "order": after(LEARNED["order"], embedded),
    }
    table |= {f"whole {way}": LEARNED[way] for way in disguises}
    return table | {f"embedded {way}": after(LEARNED[way], embedded) for way in disguises}


def examples(lesson: Lesson, number: int) -> tuple[Examples, list[str]]:
    """Return the examples of one lesson: each imitation's own candidates, and every other name met by chance."""
    roster, others = lesson.roster, lesson.others
    index = build_index(RosterName(str(i), name) for i, name in enumerate(roster))
    numbers = {name: i for i, name in enumerate(roster)}
    x1, columns, good = candidates(index, [text for _, text, _ in lesson.made], lesson.kind)
    right = good.alias == np.array([numbers[name] for _, _, name in lesson.made])[good.text]
    x0, _, chance = candidates(index, others, lesson.kind)
    false = np.array(
        [not is_named(roster[a], others[t], lesson.named[t]) for a, t in zip(chance.alias, chance.text, strict=True)]
    )
    per_kind = Counter(kind for kind, _, _ in lesson.made)
    share = {kind: OFTEN.get(kind, 1.0) * WEIGHT / count for kind, count in per_kind.items()}
    weight = np.array([share[lesson.made[t][0]] for t in good.text])[right]
    pairs = chance.text * len(roster) + chance.alias
    y = np.append(np.ones(right.sum()), np.zeros(false.sum()))
    group = np.append(good.text[right] * 2 + 1, pairs[false] * 2) + (number << 48)
    tier = np.append(good.found.tier[right], chance.found.tier[false])
    x = np.concatenate((x1[right], x0[false]))
    return Examples(x, y, np.append(weight, np.ones(false.sum())), tier, group), columns


def learn_weights(lessons: list[Lesson]) -> tuple[dict[str, np.ndarray], list[tuple[float, float]]]:
    """Learn the weights of each tier of candidates, and the chances, of some lessons."""
    each = [examples(lesson, number) for number, lesson in enumerate(lessons)]
    columns = each[0][1]
    told = Examples(*(np.concatenate([getattr(e, f.name) for e, _ in each]) for f in fields(Examples)))
    w, said = learned(told, columns)
    asked = sum(len(lesson.others) * len(lesson.roster) for lesson in lessons)
    kinds = sum(OFTEN.get(kind, 1.0) for lesson in lessons for kind in {kind for kind, _, _ in lesson.made})
    plus = np.log(asked / (WEIGHT * kinds))
    w[:, -1] += plus
    chosen = told.loudest(said)
    loud = (said[chosen][told.y[chosen] == 0] + plus) / np.log(2)
    reached = [(bits, (loud >= bits).sum()) for bits in range(-4, 41, 2)]
    chances = [(bits, float(np.log2(count / asked))) for bits, count in reached if count >= 10]
    return dict(zip([*columns, "constant"], w.T, strict=True)), chances


def is_named(name: str, text: str, named: set[str]) -> bool:
    """Say whether a text names an artist by right, or is the same act spelt by another list."""
    return squashed(name) in named or same_act(name, text)


def write_words(texts: list[str], file: str, what: str) -> Letters:
    """Write the words that texts share."""
    read = read_letters([as_shown(text) for text in texts])
    classes = words_of_many(read)
    lines = [f"# Words that at least {SHARED_BY} of {len(texts)} {what} share, by bits of their frequency.\n"]
    lines += [f"{bits} {' '.join(words)}\n" for bits, words in classes.items()]
    (DATA / file).write_text("".join(lines))
    print(f"{len(texts)} {what}, {sum(map(len, classes.values()))} words")
    return read


def write_lessons(lessons: Iterator[Lesson], prefix: str) -> None:
    """Write the weights and chances of lessons."""
    weights, chances = learn_weights(list(lessons))
    head = "# What each feature says for an imitation, in nats; see benchmarks/resemblance/learn.py.\n"
    (DATA / f"{prefix}weights.txt").write_text(
        head + "".join(f"{name} {' '.join(f'{v:.4f}' for v in w)}\n" for name, w in weights.items())
    )
    head = "# Bits, and log2 of the measured chance that an unrelated text reaches them with one given name.\n"
    (DATA / f"{prefix}chances.txt").write_text(head + "".join(f"{bits} {chance:.3f}\n" for bits, chance in chances))


def main() -> None:
    """Write the tables."""
    names = learning_names()
    read = write_words(names, "words.txt", "artist names")
    write_words([title for title, _ in titles(LEARNING)], "title_words.txt", "titles")
    (DATA / "letters.bin").write_bytes(letter_steps(read).tobytes())
    for prefix in ("", "title_"):
        if not (DATA / f"{prefix}weights.txt").exists():
            (DATA / f"{prefix}weights.txt").write_text(f"constant{' 0' * TIERS}\n")
            (DATA / f"{prefix}chances.txt").write_text("0 -16\n20 -22\n")
    write_lessons(names_lessons(names), "")
    write_lessons(titles_lessons(names), "title_")


if __name__ == "__main__":
    main()
