"""Earmark: AI or not, by a track's id or an ISRC, at once. Its errors sit in answers of status 200."""

import zlib

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

KEY = "earmark-key"
WORDS = ("deezerTrackId", "spotifyTrackId", "isrc")
KINDS = ("Human Made", "Processed AI", "Pure AI")


class Earmark:
    """A service that knows nothing of any world: what it says of a track follows from the track's id."""

    def __init__(self) -> None:
        """Begin with credit; `says` fixes the answer about a track, by its reference."""
        self.asked: list[dict[str, str]] = []
        self.says: dict[str, dict[str, object]] = {}
        self.broken: int | None = None  # a status that it answers with whatever it is asked
        self.routes = [Route("/earmark/v1/detect", self.detect, methods=["POST"])]

    async def detect(self, request: Request) -> Response:
        """Answer about one track."""
        if request.headers.get("x-api-key") != KEY:
            return JSONResponse({"error": "unknown key"}, 401)
        asked = await request.json()
        if self.broken is not None:
            return JSONResponse({"error": "broken"}, self.broken)
        word = next((word for word in WORDS if isinstance(asked.get(word), str)), None)
        if word is None:
            return JSONResponse({"error": f"one of {', '.join(WORDS)} is needed"}, 422)
        self.asked.append(asked)
        reference = asked[word]
        return JSONResponse(self.opinion(word, reference) | self.says.get(reference, {}))

    def opinion(self, word: str, reference: str) -> dict[str, object]:
        """Make one up, always the same for the same track."""
        chance = zlib.crc32(reference.encode()) % 101
        kind = KINDS[0] if chance < 60 else KINDS[1] if chance < 80 else KINDS[2]
        return {
            "status": "ok", "prediction": kind, "probability_ai_generated": float(chance), "confidence_score": 0.8,
            "most_likely_ai_type": "songmill" if kind != KINDS[0] else None, "model": "earmark-3",
            "analysed": {word: reference, "seconds": 30.0}, "usage": {"left": 1000 - len(self.asked)},
        }  # fmt: skip
