"""Raw answers are kept once, and readable."""

import json

from storage.models import look_payload, payload
from storage.observations import Payload
from storage.recording import payloads
from tests.say import day, page_of, rows, say, told


def test_a_raw_answer_is_kept_once_and_can_be_read_back(engine):
    body = json.dumps({"data": ["x"] * 1000}).encode()
    answer = Payload("https://x/1", 200, body, "application/json")
    again = Payload("https://x/2", 200, body, "application/json")
    say(engine, told(page_of(), payloads=(answer, again)), told(page_of(), payloads=(answer,), at=1))
    (row,) = rows(engine, payload)
    assert (row.size, row.platform, row.first_seen_at, row.last_seen_at) == (len(body), "deezer", day(0), day(1))
    assert len(row.body) < len(body) / 10
    assert [(r.look_id, r.position, r.url) for r in rows(engine, look_payload)] == [
        (1, 0, "https://x/1"),
        (1, 1, "https://x/2"),
        (2, 0, "https://x/1"),
    ]
    with engine.connect() as connection:
        kept = payloads.read(connection, row.hash)
        assert (kept.body, kept.content_type) == (body, "application/json")
        assert payloads.read(connection, "no such hash") is None


def test_a_look_keeps_its_answers_in_their_order_and_an_older_look_is_no_news_of_them(engine):
    one, two = (Payload(f"https://x/{n}", status, b"%d" % n, "text/html") for n, status in ((1, 200), (2, 404)))
    say(engine, *(told(page_of(str(at)), payloads=(two, one, two), at=at) for at in (3, 5, 4)))
    kept = {row.hash: row for row in rows(engine, payload)}
    assert [(row.first_seen_at, row.last_seen_at, row.size) for row in kept.values()] == [(day(3), day(5), 1)] * 2
    answers = [(r.position, r.url, r.status) for r in rows(engine, look_payload) if r.look_id == 2]
    assert answers == [(0, "https://x/2", 404), (1, "https://x/1", 200), (2, "https://x/2", 404)]
