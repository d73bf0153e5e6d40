"""One ordinary act, made from the seed and its number whenever somebody asks."""

from random import Random

from sandbox.dialects import facts
from sandbox.made import names
from sandbox.made.shape import PEOPLE_PER_MONITORED, Shape
from sandbox.world import GENRES, PLATFORMS, Act, Link, Profile

FREE_STREAMING = "769085a1-c2f7-4c24-a532-2375a77693bd"
PURCHASE = "f8319a2f-f824-4617-81c8-be6560b3b203"
BANDCAMP = "c550166e-0548-4a18-b1d4-e2ae423a3e88"
OLD_LINK = 13
TELLING = ("singer", "band", "producer", "DJ", "composer", "other act of that name", "rapper", "trio")
SHARES = {name: platform.share for name, platform in facts.every().items()}


# How many in a thousand of the people around a monitored artist have the artist's name: none for most names.
NAMESAKES = (0, 0, 0, 0, 0, 12, 30, 90)
NEARLY = 0.25


def spellings(shape: Shape, n: int, rng: Random) -> tuple[str, str, tuple[str, ...]]:
    """Give an act's printed name, its Latin reading, and its other names."""
    m = n // PEOPLE_PER_MONITORED
    around = shape.monitored_acts[m] if m < shape.monitored else n
    if around != n and rng.randrange(1000) < NAMESAKES[(around * 7 + shape.seed) % len(NAMESAKES)]:
        name, latin = names.artist_name(shape.rng("act", around), shape.tongue(around))
        return (alike(name, rng) if rng.random() < NEARLY else name), latin, tuple(filter(None, (latin,)))
    name, latin = names.artist_name(rng, shape.tongue(n))
    nickname = names.nickname(name, rng) if rng.random() < (0.1 if around != n else 0.6) else ""
    return name, latin, tuple(other for other in (nickname, latin) if other)


def spelled(shape: Shape, n: int) -> str:
    """Give an act's printed name."""
    return spellings(shape, n, shape.rng("act", n))[0]


def alike(name: str, rng: Random) -> str:
    """Give the name of an honest act that is nearly another's."""
    if name.startswith("The "):
        return name.removeprefix("The ")
    return rng.choice((f"The {name}", f"{name} Trio", f"{name} Band", name.upper(), f"DJ {name}"))


def make_act(shape: Shape, n: int) -> Act:
    """Make an ordinary act, monitored or not."""
    rng = shape.rng("act", n)
    name, latin, aliases = spellings(shape, n, rng)
    monitored = shape.ordinal(n) is not None
    born = rng.randrange(1950, 2003)
    profiles = make_profiles(shape, n, name, rng, SHARES if not monitored else dict.fromkeys(PLATFORMS, 0.98))
    return Act(
        n=n, key=f"act-{n}", name=name, latin=latin, aliases=aliases,
        genre=rng.choice(GENRES), country=shape.country(n), begin=str(born), profiles=profiles,
        links=make_links(shape, n, profiles, rng) if "musicbrainz" in profiles else (),
        disambiguation=rng.choice(TELLING) if not monitored and rng.random() < 0.3 else "",
    )  # fmt: skip


def make_profiles(shape: Shape, n: int, name: str, chances: Random, shares: dict[str, float]) -> dict[str, Profile]:
    """Give an act its pages; hardly anybody is everywhere."""
    fans = int(10 ** chances.uniform(1.5, 6.5))
    profiles = {}
    for platform, known in facts.every().items():
        rng = shape.rng(f"page/{platform}", n) if known.apart else chances
        if rng.random() < shares.get(platform, 0.9):
            id = shape.ids[platform, "artist"].id(n)
            profiles[platform] = Profile(platform, id, name, followers=int(fans * rng.uniform(0.3, 1.7)))
    return profiles


def profile_url(platform: str, id: str) -> str:
    """Give the address of a profile in the form that MusicBrainz keeps."""
    return facts.of(platform).address(id)


def make_links(shape: Shape, n: int, profiles: dict[str, Profile], chances: Random) -> tuple[Link, ...]:
    """Give the url relations that editors have entered; some are missing, some are over."""
    links = []
    for platform, known in facts.every().items():
        kind, type_id = known.link
        if not kind:
            continue
        rng = shape.rng(f"links/{platform}", n) if known.apart else chances
        if platform in profiles and rng.random() < 0.9:
            links.append(Link(profile_url(platform, profiles[platform].id), kind, type_id))
        if rng.random() < 0.06:
            other = shape.ids[platform, "artist"].id((n + OLD_LINK) % shape.people)
            links.append(Link(profile_url(platform, other), kind, type_id, ended=True))
    if "itunes" in profiles and chances.random() < 0.4:
        old = f"https://itunes.apple.com/us/artist/id{profiles['itunes'].id}"
        links.append(Link(old, "purchase for download", PURCHASE))
    if chances.random() < 0.6 and "bandcamp" in profiles:
        links.append(Link(profile_url("bandcamp", profiles["bandcamp"].id), "bandcamp", BANDCAMP))
    return tuple(links)
