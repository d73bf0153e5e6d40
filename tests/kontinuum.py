"""One real artist's page on 24 dates in four years, served again in the shape of today's requests.

What was recorded: one list per date, asked by `album_type=album,single&limit=20` (later `include_groups=album,single`)
without a market, and every album in it. What we ask today: one list per section, ten rows, with a market. On every
date all rows belong to the section "single" and fit on one page: the answer for "single" is the recorded body itself,
byte by byte, `total` and `limit` included. The other sections get an empty page, which was not recorded. Albums are
answered with their recorded answers in the order in which they came, a 503 before its retry included.

Between the first date and the second the platform took four releases in again: "Lost", "Alive", "First Rain" and
"Aware" have other ids since then. "Alive" is missing under either id on 2022-05-23. The four old ids never come back.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from tests.replay import RECORDED, Answer, Asked, Body, Replay

ARTIST = "1FPC2zwfMHhrP3frOfaai6"
EMPTY = {"href": "", "items": [], "limit": 10, "next": None, "offset": 0, "previous": None, "total": 0}


@dataclass(frozen=True)
class Day:
    """What the platform said on one date."""

    date: str
    listed: dict
    answers: dict[str, list[Answer]]  # path below /v1 -> answers in the order recorded

    @property
    def ids(self) -> list[str]:
        """Return the releases that the page listed."""
        return [row["id"] for row in self.listed["items"]]

    def serve(self, server: Replay) -> None:
        """Let a server answer as the platform did on this date, from the first answer on."""
        turns = {path: list(answers) for path, answers in self.answers.items()}

        def answer(asked: Asked) -> Body | None:
            path = asked.path.removeprefix("/v1/").rstrip("/")
            if asked.path == "/api/token":
                return {"access_token": "replayed", "token_type": "Bearer", "expires_in": 3600}
            if path == f"artists/{ARTIST}/albums" and asked.query.get("include_groups") != "single":
                return EMPTY
            answers = turns.get(path, [])
            return answers.pop(0) if len(answers) > 1 else next(iter(answers), None)

        server.answer_by(answer)


def days() -> Iterator[Day]:
    """Read the recorded dates, oldest first."""
    for path in sorted((RECORDED / "spotify").glob(f"crawls-Kontinuum-{ARTIST}--*.jsonl")):
        answers: dict[str, list[Answer]] = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            body = row["body"] if isinstance(row["body"], str) else json.dumps(row["body"])
            headers = {k: v for k, v in row["response_headers"].items() if k.lower() == "retry-after"}
            below = row["url"].removeprefix("https://api.spotify.com/v1/").partition("?")[0].rstrip("/")
            answers.setdefault(below, []).append(Answer(body.encode(), row["status"], headers=headers))
        yield Day(path.stem[-10:], json.loads(answers[f"artists/{ARTIST}/albums"][-1].body), answers)
