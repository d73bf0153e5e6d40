"""Where acts live: scenes of two hundred neighbours with a country, a language and eight labels."""

from dataclasses import dataclass

SCENE = 200
LABELS = 8
MAJORS = (6, 7)
CAMPS = 8
RING = (
    "US", "DE", "JP", "GB", "BR", "RU", "SE", "KR", "FR", "US", "GR", "ES", "IL", "GB", "IT", "IN", "US", "MX", "EG",
    "NL", "AU", "TW", "PL", "CA", "TH", "TR", "FI", "PT", "IS", "HU",
)  # fmt: skip
LANGUAGES = {
    "US": "english", "GB": "english", "AU": "english", "CA": "english", "DE": "german", "FR": "french", "ES": "spanish",
    "MX": "spanish", "BR": "portuguese", "PT": "portuguese", "IT": "italian", "SE": "swedish", "NL": "dutch",
    "PL": "polish", "TR": "turkish", "FI": "finnish", "IS": "icelandic", "HU": "hungarian", "RU": "russian",
    "GR": "greek", "IL": "hebrew", "EG": "arabic", "IN": "hindi", "TH": "thai", "KR": "korean", "JP": "japanese",
    "TW": "chinese",
}  # fmt: skip
SPOTS: dict[str, tuple[int, ...]] = {
    country: tuple(place for place, other in enumerate(RING) if other == country) for country in LANGUAGES
}
MOST_SPOTS = max(len(spots) for spots in SPOTS.values())


def camp_house(act: int) -> int:
    """Give the label on which most of an act's camp release: every eighth neighbour is of one camp."""
    return act % SCENE % CAMPS % (LABELS - len(MAJORS))


@dataclass(frozen=True)
class Scenes:
    """Which scene lies in which country: the ring of countries, begun somewhere by the seed."""

    turn: int

    def country(self, scene: int) -> str:
        """Give a scene's country."""
        return RING[(scene + self.turn) % len(RING)]

    def place(self, scene: int) -> int:
        """Give a scene's place among those of its country."""
        round, spot = divmod(scene + self.turn, len(RING))
        return round * MOST_SPOTS + SPOTS[RING[spot]].index(spot)

    def scene(self, country: str, place: int) -> int | None:
        """Give the scene at a place among those of a country, if there is one."""
        round, spot = divmod(place, MOST_SPOTS)
        spots = SPOTS.get(country, ())
        found = round * len(RING) + spots[spot] - self.turn if spot < len(spots) else -1
        return found if found >= 0 else None
