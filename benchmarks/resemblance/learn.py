"""Learn what crawler/resemblance/data ships, from the learning names alone: `python -m benchmarks.resemblance.learn`.

1. letters.bin: bits of each letter after two others, in eighths, one byte each (37 x 37 x 37).
2. words.txt, title_words.txt: words that at least 12 names, or titles, share, by bits of their frequency, in halves.
3. weights.txt, title_weights.txt: what each feature of a candidate says for an imitation, by ridge logistic regression
   of imitations (imitations.py, the templates to learn from, seed 11) against chance matches in other names, or in titles.
4. chances.txt, title_chances.txt: how often chance reaches so many bits with one given name, in the same texts.
"""

import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.resemblance.imitations import LEARNED, Way, after, imitations
from benchmarks.resemblance.names import LEARNING, learning_names, members, names_in, squashed, titles
from crawler.resemblance.features import measure, shared_words
from crawler.resemblance.hashing import rolling
from crawler.resemblance.folding import Origin
from crawler.resemblance.index import Index, Kind, Weighed, build_index
from crawler.resemblance.language import FOLLOWERS, TITLES, UNIT, shipped
from crawler.resemblance.letters import ALPHABET, STRONG, Letters, read_letters
from crawler.resemblance.match import RosterName
from crawler.resemblance.printed import as_shown

DATA = Path("crawler/resemblance/data")
SHARED_BY = 12
ROUNDS = 8
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


def regression(x: np.ndarray, y: np.ndarray, weight: np.ndarray, ridge: float = 3.0) -> np.ndarray:
    """Return the weights of a ridge logistic regression by Newton's method; the last is the constant, not shrunk."""
    spread = np.where(x.std(0) > 0, x.std(0), 1)
    z = np.column_stack((x / spread, np.ones(len(x))))
    penalty = np.append(np.full(x.shape[1], ridge), 1e-6)
    w = np.zeros(z.shape[1])
    for _ in range(60):
        p = 1 / (1 + np.exp(-np.clip(z @ w, -30, 30)))
        slope = z.T @ (weight * (y - p)) - penalty * w
        curve = (z * (weight * p * (1 - p) + 1e-9)[:, None]).T @ z + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        w += step * min(1, 5 / max(1e-9, np.abs(step).max()))
        if np.abs(step).max() < 1e-4:
            break
    return np.append(w[:-1] / spread, w[-1])


def signed(x: np.ndarray, y: np.ndarray, weight: np.ndarray, columns: list[str]) -> np.ndarray:
    """Return the weights of a regression in which a letter printed more plainly than the name never speaks for it.

    A name may be printed exactly as it is: what is said of a plainer print may not beat that.
    """
    kept = np.ones(len(columns), bool)
    plainer = np.array([name.startswith("un") and name[2:] in PRINTED for name in columns])
    while True:
        w = np.zeros(len(columns) + 1)
        w[np.append(kept, True)] = regression(x[:, kept], y, weight)
        wrong = plainer & (w[:-1] > 0)
        if not wrong.any():
            return w
        kept &= ~wrong


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


def names_lesson(names: list[str]) -> Lesson:
    """Draw a roster of 10,000 of the names, and 30,000 others."""
    names = random.Random(11).sample(names, len(names))
    roster, others = names[:10_000], names[10_000:40_000]
    made = imitations(LEARNED, roster, 1500, seed=11)
    return Lesson("credit", roster, made, others, [members(text) for text in others])


def titles_lesson(names: list[str]) -> Lesson:
    """Draw the same roster, and real titles of learning artists; those name somebody only where they say so."""
    roster = random.Random(11).sample(names, len(names))[:10_000]
    told = titles(LEARNING)
    named = [names_in(title) | members(artists) for title, artists in told]
    return Lesson("title", roster, imitations(in_titles(), roster, 1500, seed=12), [t for t, _ in told], named)


def in_titles() -> dict[str, Way]:
    """Return the ways in which a title rides on a name: whole, plain or disguised, or in a phrase."""
    embedded = LEARNED["embedded"]
    disguises = ("homoglyph", "leet", "invisible", "styled", "typo1", "respelt", "diacritics", "faux_cyrillic", "spacing")
    table = {"exact": lambda rng, name: name + " ", "embedded": embedded, "embedded again": embedded}
    table |= {f"whole {way}": LEARNED[way] for way in disguises}
    return table | {f"embedded {way}": after(LEARNED[way], embedded) for way in disguises}


def learn_weights(lesson: Lesson) -> tuple[dict[str, float], list[tuple[float, float]]]:
    """Learn the weights and the chances of one lesson."""
    roster, others, kind = lesson.roster, lesson.others, lesson.kind
    index = build_index(RosterName(str(i), name) for i, name in enumerate(roster))
    numbers = {name: i for i, name in enumerate(roster)}
    x1, columns, good = candidates(index, [text for _, text, _ in lesson.made], kind)
    right = good.alias == np.array([numbers[name] for _, _, name in lesson.made])[good.text]
    x0, _, chance = candidates(index, others, kind)
    squash = [squashed(name) for name in roster]
    false = np.array([squash[a] not in lesson.named[t] for a, t in zip(chance.alias, chance.text, strict=True)])
    per_kind = Counter(kind for kind, _, _ in lesson.made)
    weight1 = np.array([300 / per_kind[lesson.made[t][0]] for t in good.text])
    one, zero = np.flatnonzero(right), np.flatnonzero(false)
    pairs = chance.text * len(roster) + chance.alias
    for _ in range(ROUNDS):
        x = np.concatenate((x1[one], x0[zero]))
        y = np.append(np.ones(len(one)), np.zeros(len(zero)))
        w = signed(x, y, np.append(weight1[one], np.ones(len(zero))), columns)
        # a text is judged by its best candidate alone, so the others are no examples of anything
        one = np.flatnonzero(right)[best_of((x1 @ w[:-1])[right], good.text[right])]
        zero = np.flatnonzero(false)[best_of((x0 @ w[:-1])[false], pairs[false])]
    w[-1] += np.log(len(others) * len(roster) / (300 * len(per_kind)))
    loud = (x0[zero] @ w[:-1] + w[-1]) / np.log(2)
    asked = len(others) * len(roster)
    reached = [(bits, (loud >= bits).sum()) for bits in range(-4, 31, 2)]
    chances = [(bits, float(np.log2(count / asked))) for bits, count in reached if count >= 5]
    return dict(zip([*columns, "constant"], w, strict=True)), chances


def write_words(texts: list[str], file: str, what: str) -> Letters:
    """Write the words that texts share."""
    read = read_letters([as_shown(text) for text in texts])
    classes = words_of_many(read)
    lines = [f"# Words that at least {SHARED_BY} of {len(texts)} {what} share, by bits of their frequency.\n"]
    lines += [f"{bits} {' '.join(words)}\n" for bits, words in classes.items()]
    (DATA / file).write_text("".join(lines))
    print(f"{len(texts)} {what}, {sum(map(len, classes.values()))} words")
    return read


def write_lesson(lesson: Lesson, prefix: str) -> None:
    """Write the weights and chances of a lesson."""
    weights, chances = learn_weights(lesson)
    head = "# What each feature says for an imitation, in nats; see benchmarks/resemblance/learn.py.\n"
    (DATA / f"{prefix}weights.txt").write_text(head + "".join(f"{name} {w:.4f}\n" for name, w in weights.items()))
    head = "# Bits, and log2 of the measured chance that an unrelated text reaches them with one given name.\n"
    (DATA / f"{prefix}chances.txt").write_text(head + "".join(f"{bits} {chance:.3f}\n" for bits, chance in chances))
    print(f"{prefix}weights of {len(lesson.made)} imitations and {len(lesson.others)} others")


def main() -> None:
    """Write the tables."""
    names = learning_names()
    read = write_words(names, "words.txt", "artist names")
    write_words([title for title, _ in titles(LEARNING)], "title_words.txt", "titles")
    (DATA / "letters.bin").write_bytes(letter_steps(read).tobytes())
    for prefix in ("", "title_"):
        if not (DATA / f"{prefix}weights.txt").exists():
            (DATA / f"{prefix}weights.txt").write_text("constant 0\n")
            (DATA / f"{prefix}chances.txt").write_text("0 -16\n20 -22\n")
    write_lesson(names_lesson(names), "")
    write_lesson(titles_lesson(names), "title_")


if __name__ == "__main__":
    main()
