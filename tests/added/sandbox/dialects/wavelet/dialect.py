"""Wavelet's dialect."""

from sandbox.dialects.answer import Answer, Ask, Rule
from sandbox.dialects.parties import found_profiles, parties, shown
from sandbox.world import World


class Wavelet:
    """Answers as api.wavelet.example would."""

    name = "wavelet"

    def __init__(self, world: World, country: str) -> None:
        """Speak about a world as seen from one country."""
        self.world, self.country = world, country
        self.rules = {"all": Rule(10, 1.0)}

    def buckets(self, ask: Ask) -> tuple[str, ...]:
        """Everything shares one limit."""
        return ("all",)

    def refusal(self, bucket: str, wait: float) -> Answer:
        """Refuse by status."""
        return Answer({"found": False}, status=429, headers={"Retry-After": str(wait)})

    def answer(self, ask: Ask, now: float) -> Answer:
        """Answer a search, an artist or an artist's records."""
        parts = ask.path.split("/")
        if parts == ["find"]:
            hits = found_profiles(self.world, self.name, ask.params.get("name", ""), now)
            return self.page(ask, [{"id": int(profile.id), "name": profile.name} for _, profile in hits])
        act = self.world.find_profile(self.name, parts[1]) if parts[0] == "by" and len(parts) > 1 else None
        if act is None:
            return Answer({"found": False})
        if len(parts) == 2:
            return Answer({"found": True, "id": int(parts[1]), "name": act.profiles[self.name].name})
        records = shown(self.world, act.n, self.name, self.country, now, ("main", "featured"))
        return self.page(
            ask,
            [
                {
                    "id": int(entry.id),
                    "title": release.title,
                    "date": release.date,
                    "by": [
                        {"id": int(party.profile.id), "name": party.name}
                        for party in parties(self.world, release.credits, self.name, now)
                    ],
                }
                for release, entry in records
            ],
        )

    def page(self, ask: Ask, rows: list[dict[str, object]]) -> Answer:
        """Cut a page out of a list."""
        first, size = ask.number("from", 0) or 0, ask.number("limit", 20) or 20
        more = ask.url(ask.path, **{"from": first + size}) if first + size < len(rows) else None
        return Answer({"found": True, "rows": rows[first : first + size], "of": len(rows), "more": more})


def make(world: World, capability: str, country: str) -> Wavelet:
    """Set the dialect up."""
    return Wavelet(world, country)
