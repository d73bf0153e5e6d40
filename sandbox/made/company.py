"""With whom an act makes records. Who meets whom is arithmetic, so that it can be read from either side."""

from random import Random

from sandbox.made.shape import Shape

DISTANCES = tuple(1 + step * 3 + step * step * step * 7 % 9973 * (step > 15) for step in range(48))
ORDINARY, MONITORED = 0.07, 0.26
MOSTLY_NEW = 0.62
MIXED = 0.21


def meets(shape: Shape, host: int, k: int) -> bool:
    """Tell whether an act takes somebody at the k-th distance along, now and then."""
    mixed = (host * 2_654_435_761 + k * 40_503 + shape.seed * 97) & 0xFFFFFFFF
    mixed = (mixed ^ mixed >> 15) * 2_246_822_519 & 0xFFFFFFFF
    share = ORDINARY if shape.ordinal(host) is None else MONITORED
    return (mixed ^ mixed >> 13) % 10_000 < share * 10_000


def hosts(shape: Shape, n: int) -> list[int]:
    """Give the acts that may have taken an act along."""
    found = [
        (n - distance) % shape.people
        for k, distance in enumerate(DISTANCES)
        if meets(shape, (n - distance) % shape.people, k)
    ]
    return [host for host in dict.fromkeys(found) if host != n]


class Company:
    """Those whom one act takes along, one after the other, and again."""

    def __init__(self, shape: Shape, n: int, rng: Random) -> None:
        """Find out who they are."""
        found = [(n + distance) % shape.people for k, distance in enumerate(DISTANCES) if meets(shape, n, k)]
        self.waiting = [guest for guest in dict.fromkeys(found) if guest != n]
        rng.shuffle(self.waiting)
        self.rng, self.known = rng, list[int]()

    def guests(self, kind: str) -> tuple[tuple[int, str], ...]:
        """Give who is on the next release, and in which role."""
        dice, chosen = self.rng.random(), list[int]()
        if self.waiting and dice < MOSTLY_NEW + MIXED:
            chosen.append(self.waiting.pop())
        if self.known and (dice >= MOSTLY_NEW or not chosen):
            chosen.append(self.rng.choice(self.known))
        self.known.extend(guest for guest in chosen if guest not in self.known)
        return tuple((guest, self.role(kind)) for guest in dict.fromkeys(chosen))

    def role(self, kind: str) -> str:
        """Give somebody's part: the sleeve's second name, a feature on it, or one on a track only."""
        if kind != "single":
            return "guest" if self.rng.random() < 0.85 else "featured"
        return self.rng.choices(("main", "featured", "guest"), (30, 50, 20))[0]
