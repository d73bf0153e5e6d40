"""Ways to imitate a name by its words: another order, more of them, fewer, numbers, initials, articles."""

import random

from benchmarks.resemblance.alphabets import ARTICLES, MORE, NUMBERS


def order(rng: random.Random, name: str) -> str | None:
    """Say the last word, or the article, elsewhere ("Beatles, The")."""
    words = name.split()
    if len(words) < 2:
        return None
    if words[0].lower() in ("the", "los", "die"):
        return f"{' '.join(words[1:])}, {words[0]}"
    return rng.choice([f"{words[-1]}, {' '.join(words[:-1])}", f"{words[-1]} {' '.join(words[:-1])}"])


def number_words(rng: random.Random, name: str) -> str | None:
    """Say a number word as a digit, or a digit as its word."""
    words = name.split()
    for i, word in enumerate(words):
        if len(words) > 1 and word.lower() in NUMBERS:
            return " ".join([*words[:i], str(NUMBERS.index(word.lower())), *words[i + 1 :]])
        if len(words) > 1 and word.isascii() and word.isdigit() and int(word) <= 10:
            return " ".join([*words[:i], NUMBERS[int(word)].title(), *words[i + 1 :]])
    return None


def track_number(rng: random.Random, name: str) -> str | None:
    """Put a track number in front."""
    number = rng.randint(1, 20)
    return rng.choice(
        [f"{number:02d}{name}", f"{number:02d} {name}", f"{number:02d} - {name}", f"{number:02d}. {name}"]
    )


def article(rng: random.Random, name: str) -> str | None:
    """Leave the article out, of a name that begins with one."""
    words = name.split()
    return " ".join(words[1:]) if len(words) > 1 and words[0].title() in ARTICLES else None


def article_more(rng: random.Random, name: str) -> str | None:
    """Put an article before a name that has none."""
    return None if name.split()[0].title() in ARTICLES else f"The {name}"


def word_more(rng: random.Random, name: str) -> str | None:
    """Put one more word into a name of at least two telling ones, as where a band is named with its singer."""
    words = name.split()
    if len(words) < 2 or sum(map(len, words)) < 12:
        return None
    return " ".join([*words[: (at := rng.randint(1, len(words) - 1))], rng.choice(MORE), *words[at:]])


def word_subset(rng: random.Random, name: str) -> str | None:
    """Leave one word out of a name of at least three telling ones."""
    small = {"the", "of", "and", "a", "&", "de", "la", "los"}
    words = [w for w in name.split() if w.lower() not in small]
    if len(words) < 3 or sum(map(len, words)) < 14 or any(c in name for c in ",;/&") or "feat" in name.lower():
        return None
    words.pop(rng.randrange(len(words)))
    return " ".join(words)


def initials(rng: random.Random, name: str) -> str | None:
    """Say the first names by their initials."""
    *first, last = name.split()
    if not first or len(last) < 4 or not all(word[0].isalpha() for word in first) or max(map(len, first)) < 3:
        return None
    points = rng.choice((".", ". ", " ")).join(word[0] for word in first).strip()
    return rng.choice((f"{points}. {last}", f"{points} {last}", f"{last}, {points}."))


def last_name(rng: random.Random, name: str) -> str | None:
    """Say only the last of two or three names, where it is a long one."""
    words = name.split()
    return words[-1] if 1 < len(words) < 4 and len(words[-1]) > 7 and words[0].title() not in ARTICLES else None
