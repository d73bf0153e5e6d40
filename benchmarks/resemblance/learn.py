"""Learn what crawler/resemblance/data ships, from the learning names alone: `python -m benchmarks.resemblance.learn`.

1. letters.bin: bits of each letter after two others, in eighths, one byte each (37 x 37 x 37).
2. words.txt: words that at least 12 names share, by bits of their frequency, rounded to halves.
3. chances.txt: how often chance reaches so many bits with one given name, in the same names.
4. weights.txt: what each feature of a candidate says for an imitation, by ridge logistic regression of imitations
   (imitations.py, even templates, seed 11) against chance matches in other learning names.
"""

import random
from collections import Counter
from pathlib import Path

import numpy as np

from benchmarks.resemblance.imitations import LEARNED, imitations
from benchmarks.resemblance.names import learning_names, members, squashed
from crawler.resemblance.features import measure, shared_words
from crawler.resemblance.hashing import rolling
from crawler.resemblance.index import Index, Weighed, build_index
from crawler.resemblance.language import FOLLOWERS, UNIT, shipped
from crawler.resemblance.letters import ALPHABET, STRONG, Letters, read_letters
from crawler.resemblance.match import RosterName

DATA = Path("crawler/resemblance/data")
SHARED_BY = 12
ROUNDS = 8


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


def candidates(index: Index, texts: list[str]) -> tuple[np.ndarray, list[str], Weighed]:
    """Return the features of every candidate of texts."""
    weighed = index.weigh(texts)
    batch, found = weighed.batch, weighed.found
    bits = shipped().bits(batch.read, rolling(batch.read.plain))
    told = measure(batch, bits, found, index.spellings, shared_words(batch, bits, found, index.spellings))
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


def best_of(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return the place of the greatest value of every group."""
    order = np.lexsort((-values, groups))
    return order[np.unique(groups[order], return_index=True)[1]]


def learn_weights(names: list[str]) -> tuple[dict[str, float], list[tuple[float, float]]]:
    """Learn the weights and the chances on a roster of 10,000 of the names, against chance matches in 30,000 others."""
    names = random.Random(11).sample(names, len(names))
    roster, others = names[:10_000], names[10_000:40_000]
    index = build_index(RosterName(str(i), name) for i, name in enumerate(roster))
    made = imitations(LEARNED, roster, 1500, seed=11)
    numbers = {name: i for i, name in enumerate(roster)}
    x1, columns, good = candidates(index, [text for _, text, _ in made])
    right = good.alias == np.array([numbers[name] for _, _, name in made])[good.text]
    x0, _, chance = candidates(index, others)
    squash = [squashed(name) for name in roster]
    parts = [members(text) for text in others]
    false = np.array([squash[a] not in parts[t] for a, t in zip(chance.alias, chance.text, strict=True)])
    per_kind = Counter(kind for kind, _, _ in made)
    weight1 = np.array([300 / per_kind[made[t][0]] for t in good.text])
    one, zero = np.flatnonzero(right), np.flatnonzero(false)
    pairs = chance.text * len(roster) + chance.alias
    for _ in range(ROUNDS):
        x = np.concatenate((x1[one], x0[zero]))
        y = np.append(np.ones(len(one)), np.zeros(len(zero)))
        w = regression(x, y, np.append(weight1[one], np.ones(len(zero))))
        # a text is judged by its best candidate alone, so the others are no examples of anything
        one = np.flatnonzero(right)[best_of((x1 @ w[:-1])[right], good.text[right])]
        zero = np.flatnonzero(false)[best_of((x0 @ w[:-1])[false], pairs[false])]
    w[-1] += np.log(len(others) * len(roster) / (300 * len(per_kind)))
    loud = (x0[zero] @ w[:-1] + w[-1]) / np.log(2)
    pairs_asked = len(others) * len(roster)
    chances = [(bits, float(np.log2((loud >= bits).sum() / pairs_asked))) for bits in range(4, 21, 2)]
    return dict(zip([*columns, "constant"], w, strict=True)), chances


def main() -> None:
    """Write the tables."""
    names = learning_names()
    read = read_letters(names)
    (DATA / "letters.bin").write_bytes(letter_steps(read).tobytes())
    lines = [f"# Words that at least {SHARED_BY} of {len(names)} artist names share, by bits of their frequency.\n"]
    classes = words_of_many(read)
    lines += [f"{bits} {' '.join(words)}\n" for bits, words in classes.items()]
    (DATA / "words.txt").write_text("".join(lines))
    print(f"{len(names)} names, {sum(map(len, classes.values()))} words")
    if not (DATA / "weights.txt").exists():
        (DATA / "weights.txt").write_text("constant 0\n")
    weights, chances = learn_weights(names)
    head = "# What each feature says for an imitation, in nats; see benchmarks/resemblance/learn.py.\n"
    (DATA / "weights.txt").write_text(head + "".join(f"{name} {w:.4f}\n" for name, w in weights.items()))
    head = "# Bits, and log2 of the measured chance that an unrelated credit reaches them with one given name.\n"
    (DATA / "chances.txt").write_text(head + "".join(f"{bits} {chance:.3f}\n" for bits, chance in chances))


if __name__ == "__main__":
    main()
