"""`falsetto score`: every line is answered with one JSON line, whatever the bytes are."""

import io
import json
import tracemalloc

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.resemblance import RosterName, build_index
from crawler.resemblance.stream import LONGEST_LINE, score_lines

INDEX = build_index([RosterName("Marisolé Vantrey", "Marisolé Vantrey"), RosterName("Quorlaz", "Quorlaz")])


def answers(data: bytes, **options) -> list[dict]:
    """Return what is answered to some bytes."""
    sink = io.BytesIO()
    count = score_lines(INDEX, io.BytesIO(data), sink, **options)
    lines = sink.getvalue().decode("utf-8").split("\n")[:-1]
    assert len(lines) == count
    return [json.loads(line) for line in lines]


def test_each_line_is_answered_in_order_with_its_matches():
    told = answers("Quorlas\nnobody here\r\nMаrisolé Vantrey".encode())
    assert [row["text"] for row in told] == ["Quorlas", "nobody here", "Mаrisolé Vantrey"]
    assert [[m["artist"] for m in row["matches"]] for row in told] == [["Quorlaz"], [], ["Marisolé Vantrey"]]
    assert told[2]["matches"][0]["kinds"] == ["confusable"]
    assert told[2]["matches"][0]["evidence"] == "а U+0430 for a"


def test_an_empty_line_is_answered_and_no_line_is_not():
    assert answers(b"\n\n") == [{"text": "", "matches": []}] * 2
    assert answers(b"") == []


def test_bytes_that_are_no_text_become_replacement_characters():
    assert answers(b"Quorl\xff\xfeaz\n")[0]["text"] == "Quorl\ufffd\ufffdaz"


def test_signs_that_play_with_terminals_are_escaped():
    sink = io.BytesIO()
    score_lines(INDEX, io.BytesIO("\u202eQuorlaz\x9b2J\x1b[2J\n".encode()), sink)
    assert sink.getvalue().isascii()
    assert json.loads(sink.getvalue())["text"] == "\u202eQuorlaz\x9b2J\x1b[2J"


def test_the_least_score_decides_what_is_told():
    assert answers(b"Quorlas\n", least=0.9999)[0]["matches"] == []


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_raise_and_every_line_has_its_answer(data):
    lines = data.split(b"\n")
    assert len(answers(data)) == len(lines) - (lines[-1] == b"")


class Endless(io.RawIOBase):
    """A source of one line that does not end, up to a size."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read1(self, size: int) -> bytes:
        step = min(size, self.left)
        self.left -= step
        return b"Quorlaz " * (step // 8)


def test_memory_does_not_grow_with_the_line_or_the_stream():
    answers(b"Quorlaz\n")
    tracemalloc.start()
    sink = io.BytesIO()
    score_lines(INDEX, Endless(24 * LONGEST_LINE), sink)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(json.loads(sink.getvalue())["text"]) <= LONGEST_LINE
    assert peak < 100 * 2**20
