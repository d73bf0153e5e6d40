"""Discogs' dialect: artists by name and id; who shares a name has a number behind it."""

from typing import Any

from sandbox.dialects.answer import Answer, Ask, Page, Rule
from sandbox.dialects.parties import found_profiles
from sandbox.world import Act, Profile, World, at


class Discogs:
    """Answers as api.discogs.com does."""

    name = "discogs"

    def __init__(self, world: World) -> None:
        """Speak about a world."""
        self.world = world
        self.rules = {"api": Rule(25, 60.0)}

    def buckets(self, ask: Ask) -> tuple[str, ...]:
        """Every call counts."""
        return ("api",)

    def refusal(self, bucket: str, wait: float) -> Answer:
        """Refuse, without a time."""
        return Answer({"message": "You are making requests too quickly."}, status=429)

    def answer(self, ask: Ask, now: float) -> Answer:
        """Answer a search or a look-up."""
        match ask.path.split("/"):
            case ["database", "search"] if ask.params.get("type") == "artist":
                return self.search(ask, now)
            case ["artists", id]:
                act = self.world.find_profile(self.name, id)
                if act is not None and act.profiles[self.name].is_up(now):
                    return Answer(self.artist(act, now))
        return Answer({"message": "The requested resource was not found."}, status=404)

    def search(self, ask: Ask, now: float) -> Answer:
        """Find artists by the words of a name."""
        size = min(100, max(1, ask.number("per_page", 50) or 50))
        found = found_profiles(self.world, self.name, ask.params.get("q", ""), now)
        rows = [
            {"id": int(page.id), "type": "artist", "title": self.numbered(act, page, now), "cover_image": "",
             "uri": f"/artist/{page.id}"}
            for act, page in found[:size]
        ]  # fmt: skip
        pages = {"page": 1, "pages": -(-len(found) // size), "per_page": size, "items": len(found), "urls": {}}
        document = {"pagination": pages, "results": rows}
        return Answer(document, page=Page(document, "results"))

    def numbered(self, act: Act, page: Profile, now: float) -> str:
        """Give a name as it is filed: all of a name but the first have a number."""
        same = sorted(
            other.n for other, found in found_profiles(self.world, self.name, page.name, now) if found.name == page.name
        )
        place = same.index(act.n) + 1 if act.n in same else 1
        return page.name if place == 1 else f"{page.name} ({place})"

    def artist(self, act: Act, now: float) -> dict[str, Any]:
        """Write an artist."""
        page = at(act.profiles[self.name], now)
        urls = [link.url for link in act.links if link.is_there(now) and not link.ended and "discogs" not in link.url]
        return {
            "id": int(page.id), "name": self.numbered(act, page, now), "uri": f"https://www.discogs.com/artist/{page.id}",
            "profile": "", "urls": urls[:6], "namevariations": list(act.aliases), "data_quality": "Needs Vote",
        }  # fmt: skip


def make(world: World, capability: str, country: str) -> Discogs:
    """Set the dialect up."""
    return Discogs(world)
