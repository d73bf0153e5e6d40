"""With whom an act makes records. Who meets whom is arithmetic, so that it can be read from either side."""

from random import Random

from sandbox.made.scenes import CAMPS, SCENE
from sandbox.made.shape import Shape

NEAR, MATES, FAR = 24, 24, 48
FAR_STEP = 1009
# How likely it is that two meet, in thousandths: of one camp, of one scene, from anywhere; and for the monitored.
ORDINARY, MONITORED = (130, 20, 25), (620, 60, 170)
MOSTLY_NEW, MIXED = 0.64, 0.22


def partner(shape: Shape, n: int, k: int, way: int = 1) -> int | None:
    """Give the k-th act whom an act may take along; with the other way, by whom it may be taken."""
    if k < NEAR + MATES:
        scene, spot = divmod(n, SCENE)
        step = CAMPS * (k + 1) if k < NEAR else CAMPS * (k - NEAR) + 3
        found = scene * SCENE + (spot + way * step) % SCENE
    else:
        found = (n + way * (FAR_STEP * (k - NEAR - MATES + 1) + 7)) % shape.people
    return found if found != n and found < shape.people else None


def meets(shape: Shape, host: int, k: int) -> bool:
    """Tell whether an act takes its k-th partner along, now and then."""
    mixed = (host * 2_654_435_761 + k * 40_503_131 + shape.seed * 97) & 0xFFFFFFFF
    mixed = (mixed ^ mixed >> 15) * 2_246_822_519 & 0xFFFFFFFF
    shares = ORDINARY if shape.ordinal(host) is None else MONITORED
    return (mixed ^ mixed >> 13) % 1000 < shares[0 if k < NEAR else 1 if k < NEAR + MATES else 2]


def hosts(shape: Shape, n: int) -> list[int]:
    """Give the acts that may have taken an act along."""
    found = ((k, partner(shape, n, k, -1)) for k in range(NEAR + MATES + FAR))
    return list(dict.fromkeys(host for k, host in found if host is not None and meets(shape, host, k)))


class Company:
    """Those whom one act takes along, one after the other, and again."""

    def __init__(self, shape: Shape, n: int, rng: Random) -> None:
        """Find out who they are."""
        found = (partner(shape, n, k) for k in range(NEAR + MATES + FAR) if meets(shape, n, k))
        self.waiting = list(dict.fromkeys(guest for guest in found if guest is not None))
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
