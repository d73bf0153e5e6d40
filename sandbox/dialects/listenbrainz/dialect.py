"""ListenBrainz' dialect: what MusicBrainz lists of the days around now, of everybody at once."""

from datetime import UTC, datetime
from typing import Any

from sandbox.dialects.answer import Answer, Ask, Page, Rule
from sandbox.dialects.musicbrainz.items import made_id
from sandbox.world import DAY, Release, World

SHOWN = 1_000  # a world's monitored artists and those beside them


class ListenBrainz:
    """Answers as api.listenbrainz.org does."""

    name = "listenbrainz"

    def __init__(self, world: World) -> None:
        """Speak about a world."""
        self.world = world
        self.rules = {"api": Rule(30, 60.0)}

    def buckets(self, ask: Ask) -> tuple[str, ...]:
        """Every call counts."""
        return ("api",)

    def refusal(self, bucket: str, wait: float) -> Answer:
        """Refuse, with headers that say for how long."""
        again = str(int(wait) + 1)
        return Answer(
            {"code": 429, "error": "Too many requests"},
            status=429,
            headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-In": again, "Retry-After": again},
        )

    def answer(self, ask: Ask, now: float) -> Answer:
        """Answer what comes out around now."""
        days = ask.number("days", 14)
        if ask.path != "explore/fresh-releases":
            return Answer({"code": 404, "error": "not found"}, status=404)
        if days is None or not 1 <= days <= 90:
            return Answer({"code": 400, "error": "days must be between 1 and 90"}, status=400)
        first, last = (datetime.fromtimestamp(now + sign * days * DAY, UTC).date().isoformat() for sign in (-1, 1))
        rows = [
            row
            for release in self.known(now)
            if len(release.date) == 10 and first <= release.date <= last
            for row in [self.row(release)]
        ]
        rows.sort(key=lambda row: str(row["release_date"]))
        payload = {"releases": rows[:SHOWN], "total_count": len(rows[:SHOWN])}
        return Answer({"payload": payload}, page=Page(payload, "releases", total="total_count"))

    def known(self, now: float) -> list[Release]:
        """Give what editors have entered of the monitored artists."""
        found: dict[int, Release] = {}
        for row in self.world.roster():
            for release in self.world.listings(row.act):
                entry = release.on.get("musicbrainz")
                if entry is not None and entry.since <= now < entry.until:
                    found[release.n] = release
        return list(found.values())

    def row(self, release: Release) -> dict[str, Any]:
        """Write one release."""
        acts = [self.world.act(credit.act) for credit in release.credits if credit.role == "main"]
        pages = [act.profiles["musicbrainz"] for act in acts if "musicbrainz" in act.profiles]
        return {
            "artist_credit_name": " & ".join(act.name for act in acts), "artist_mbids": [page.id for page in pages],
            "release_date": release.date, "release_group_mbid": made_id(f"group/{release.n}"),
            "release_group_primary_type": release.kind.title(), "release_group_secondary_type": None,
            "release_mbid": release.on["musicbrainz"].id, "release_name": release.title, "release_tags": [],
            "listen_count": 0, "caa_id": None, "caa_release_mbid": None,
        }  # fmt: skip


def make(world: World, capability: str, country: str) -> ListenBrainz:
    """Set the dialect up."""
    return ListenBrainz(world)
