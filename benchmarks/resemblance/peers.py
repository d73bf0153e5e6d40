"""The engines measured side by side: each is built from a roster and answers texts with the numbers of names met.

Every peer gets the folding that serves it best (`squashed`: anyascii, lower case, letters and digits alone), which is
outside its clock when a dictionary needs it and inside when it is part of the answer.
"""

from collections.abc import Callable, Sequence

import numpy as np
from rapidfuzz import fuzz, process

from benchmarks.resemblance.names import squashed

Answers = list[set[int]]
Engine = Callable[[Sequence[str]], Answers]
CELLS = 20_000_000
"""Cells of a cdist matrix that are held at once."""


def falsetto(roster: list[str]) -> Engine:
    """Our matcher at the crawler's cut, without explanations."""
    from crawler.resemblance import RosterName, build_index

    index = build_index(RosterName(str(i), name) for i, name in enumerate(roster))

    def answer(texts: Sequence[str]) -> Answers:
        return [{int(m.artist) for m in matches} for matches in index.match_many(texts, kind="name")]

    answer.index = index  # type: ignore[attr-defined]
    return answer


def production(roster: list[str]) -> Engine:
    """The crawler's path: cut by the alarm budget, and everything that passes explained; nothing is remembered."""
    from crawler.resemblance import explain, spelt
    from crawler.suspicion.meeting import names_of

    names = names_of([(i, name, (), 1.0) for i, name in enumerate(roster)])

    def answer(texts: Sequence[str]) -> Answers:
        names.forget()
        explain.explained.clear()
        spelt.known.clear()
        met = names.met_in(texts, "name")
        return [{likeness.artist_id for likeness in met.get(text, ())} for text in texts]

    return answer


def everything(roster: list[str]) -> Engine:
    """Our matcher, telling every candidate."""
    from crawler.resemblance import RosterName, build_index

    index = build_index(RosterName(str(i), name) for i, name in enumerate(roster))
    return lambda texts: [{int(m.artist) for m in ms} for ms in index.match_many(texts, kind="name", least=0.0)]


def dictionary(roster: list[str], key: Callable[[str], str]) -> Engine:
    """A dictionary of names by one key."""
    names: dict[str, set[int]] = {}
    for i, name in enumerate(roster):
        names.setdefault(key(name), set()).add(i)
    return lambda texts: [names.get(key(text), set()) for text in texts]


def squash(roster: list[str]) -> Engine:
    """A dictionary by squashed letters."""
    return dictionary(roster, squashed)


def icu_skeleton(roster: list[str]) -> Engine:
    """A dictionary by ICU's confusable skeleton."""
    import icu

    skeleton = icu.SpoofChecker().getSkeleton
    return dictionary(roster, lambda text: str(skeleton(0, text.lower())))


def cdist_ratio(roster: list[str]) -> Engine:
    """rapidfuzz cdist, ratio of at least 80 on squashed letters."""
    names = [squashed(name) for name in roster]
    step = max(1, CELLS // len(names))

    def answer(texts: Sequence[str]) -> Answers:
        told: Answers = []
        for at in range(0, len(texts), step):
            asked = [squashed(text) for text in texts[at : at + step]]
            scores = process.cdist(asked, names, scorer=fuzz.ratio, score_cutoff=80, dtype=np.uint8, workers=1)
            met: Answers = [set() for _ in asked]
            for row, column in np.argwhere(scores >= 80):
                met[row].add(int(column))
            told += met
        return told

    return answer


def extract_ratio(roster: list[str]) -> Engine:
    """rapidfuzz extract, ratio of at least 80 on squashed letters, one text at a time."""
    names = [squashed(name) for name in roster]

    def one(text: str) -> set[int]:
        found = process.extract(squashed(text), names, scorer=fuzz.ratio, score_cutoff=80, limit=None)
        return {index for _, _, index in found}

    return lambda texts: [one(text) for text in texts]


def symspell(roster: list[str]) -> Engine:
    """symspellpy, up to two edits on squashed letters."""
    from symspellpy import SymSpell, Verbosity

    numbers: dict[str, set[int]] = {}
    speller = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
    for i, name in enumerate(roster):
        numbers.setdefault(squashed(name), set()).add(i)
        speller.create_dictionary_entry(squashed(name), 1)

    def one(text: str) -> set[int]:
        found = speller.lookup(squashed(text), Verbosity.ALL, max_edit_distance=2)
        return set().union(*(numbers[item.term] for item in found))

    return lambda texts: [one(text) for text in texts]


def tfidf(roster: list[str]) -> Engine:
    """TF-IDF of letter trigrams by scikit-learn, cosine of at least 0.7 by sparse_dot_topn."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sparse_dot_topn import sp_matmul_topn

    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3), preprocessor=lambda t: " ".join(folded_words(t)))
    names = vectors.fit_transform(roster).T.tocsr()

    def answer(texts: Sequence[str]) -> Answers:
        met = sp_matmul_topn(vectors.transform(texts), names, top_n=20, threshold=0.7, sort=False, n_threads=1)
        return [set(met.indices[a:b].tolist()) for a, b in zip(met.indptr[:-1], met.indptr[1:], strict=True)]

    return answer


def folded_words(text: str) -> list[str]:
    """Return a text's words, folded."""
    return [squashed(word) for word in text.split()]


def tantivy_fuzzy(roster: list[str]) -> Engine:
    """tantivy, fuzzy term of up to two edits on squashed letters."""
    import tantivy

    schema = tantivy.SchemaBuilder().add_text_field("name", stored=False, tokenizer_name="raw")
    schema = schema.add_integer_field("number", stored=True).build()
    index = tantivy.Index(schema)
    writer = index.writer(num_threads=1)
    for i, name in enumerate(roster):
        writer.add_document(tantivy.Document(name=squashed(name), number=i))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def one(text: str) -> set[int]:
        query = tantivy.Query.fuzzy_term_query(schema, "name", squashed(text), distance=2, transposition_cost_one=True)
        return {searcher.doc(at)["number"][0] for _, at in searcher.search(query, 20).hits}

    return lambda texts: [one(text) for text in texts]


def automaton(roster: list[str]) -> Engine:
    """pyahocorasick, folded names between word bounds."""
    import ahocorasick

    words = ahocorasick.Automaton()
    numbers: dict[str, set[int]] = {}
    for i, name in enumerate(roster):
        key = f" {' '.join(folded_words(name))} "
        numbers.setdefault(key, set()).add(i)
        words.add_word(key, key)
    words.make_automaton()

    def one(text: str) -> set[int]:
        return set().union(*(numbers[key] for _, key in words.iter(f" {' '.join(folded_words(text))} ")))

    return lambda texts: [one(text) for text in texts]


ENGINES: dict[str, Callable[[list[str]], Engine]] = {
    "falsetto": falsetto,
    "falsetto, production path": production,
    "falsetto, every candidate": everything,
    "dict, squashed": squash,
    "dict, ICU skeleton": icu_skeleton,
    "pyahocorasick": automaton,
    "symspellpy d<=2": symspell,
    "tf-idf 3-gram sparse_dot_topn .7": tfidf,
    "tantivy fuzzy d<=2": tantivy_fuzzy,
    "rapidfuzz cdist ratio>=80": cdist_ratio,
    "rapidfuzz extract ratio>=80": extract_ratio,
}
OURS, PATH = "falsetto", "falsetto, production path"
