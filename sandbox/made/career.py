"""How an act releases: with which label, under which lines, with whose codes, and how all of that changes with time.

The rates are tuned until a world shows what real catalogues show (`python -m benchmarks.sandbox --rates`).
"""

from dataclasses import dataclass, field
from random import Random

from sandbox.made import names
from sandbox.made.codes import (
    DISTRIBUTORS,
    LABEL,
    OWN,
    OWN_EVERY,
    PAGE_ROOM,
    POOL,
    POOL_PAGES,
    UPC_PAGE_ROOM,
    UPC_PAGES,
    Origin,
    era_of,
)
from sandbox.made.scenes import LABELS, MAJORS, SCENE
from sandbox.made.shape import Shape

# How many act so, and how often before a release: a new deal, a release elsewhere, another spelling of the label.
TEMPERS = ((0.40, 0.015, 0.02, 0.02), (0.38, 0.05, 0.09, 0.10), (0.22, 0.16, 0.34, 0.16))
SELF, LABELLED = 0.40, 0.80
PLANTED_ROOM, PLANTED_UPC_ROOM = 14, 4
LABEL_TOP, LABEL_UPC_TOP = 440, 450
GENERATION_YEAR = 2015
OTHER_LINE = 0.16


@dataclass(frozen=True, slots=True)
class Deal:
    """With whom an act releases for a while."""

    label: str
    house: int
    group: str
    style: int
    distributor: int
    pooled: bool
    own: bool = False
    pooled_upc: bool = True


@dataclass(frozen=True, slots=True)
class Paper:
    """What is printed on a release and whose codes it carries."""

    label: str
    p_owner: str
    c_owner: str
    isrc: Origin
    upc: Origin
    upc_serial: int


@dataclass
class Ledger:
    """Which numbers an act has used, so that none is used twice."""

    used: dict[tuple[Origin, int], int] = field(default_factory=dict)

    def room(self, wanted: Origin, year: int, count: int, top: int, pages: int) -> tuple[Origin, int]:
        """Give room for so many numbers with an origin, or on its next page, or with the next distributor."""
        for place in range(pages * DISTRIBUTORS if wanted.kind == POOL else 1):
            page, which = (wanted.page + place) % pages, (wanted.which + place // pages) % DISTRIBUTORS
            origin = Origin(POOL, which, wanted.era, page) if wanted.kind == POOL else wanted
            serial = self.used.get((origin, year), 0)
            if serial + count <= top or wanted.kind == OWN:
                self.used[origin, year] = serial + count
                return origin, serial
        raise ValueError(f"no codes left in {year} with {wanted}")


class Career:
    """The deals of one act, one release after the other."""

    def __init__(self, shape: Shape, n: int, name: str, rng: Random, prolific: bool) -> None:
        """Begin with a first deal."""
        self.shape, self.n, self.name, self.rng = shape, n, name, rng
        self.tongue = shape.tongue(n)
        self.prolific = prolific
        temper = rng.choices(TEMPERS, [temper[0] for temper in TEMPERS])[0]
        _, self.moves, self.strays, self.respells = temper
        self.company = names.label_name(rng, self.tongue) if rng.random() < 0.15 else f"{name} Music"
        self.ledger, self.barcodes = Ledger(), Ledger()
        self.deals = [self.deal(rng.random())]
        self.spelling: dict[str, str] = {}

    def deal(self, dice: float) -> Deal:
        """Sign with somebody: nobody, an independent label of the scene, or a house of a major."""
        rng, distributor = self.rng, self.rng.randrange(DISTRIBUTORS)
        own = self.n % OWN_EVERY == 0 and rng.random() < 0.2
        if self.prolific:
            dice = 0.9
        if dice < SELF:
            kind = rng.random()
            label = self.name if kind < 0.55 else self.company if kind < 0.8 else ""
            return Deal(label, 0, "", 0 if kind < 0.7 else 3, distributor, True, own)
        if dice < LABELLED:
            house = rng.randrange(LABELS - len(MAJORS))
            pooled = house % 2 == 1
            return Deal(
                self.house(house), house, "", rng.choice((0, 0, 2, 3)), distributor, pooled, own, house % 3 != 0
            )
        house = rng.choice(MAJORS)
        group = names.label_name(self.shape.rng("group", house), names.ENGLISH)
        return Deal(self.house(house), house, group, rng.choice((0, 1, 2)), distributor, False, False, False)

    def house(self, house: int) -> str:
        """Give the name of a label of the act's scene."""
        scene = self.n // SCENE
        return names.label_name(self.shape.rng("label", scene * LABELS + house), self.shape.tongue(self.n))

    def paper(self, slot: int, year: int, tracks: int, isrc_year: int) -> Paper:
        """Give what stands on the next release."""
        rng = self.rng
        if rng.random() < self.moves:
            self.move(rng)
        deal = self.deals[-1]
        label, codes = self.said(deal, slot), deal
        if rng.random() < self.strays:
            codes = self.deals[0] if rng.random() < 0.3 else self.deal(rng.random())
            label = self.stray() if codes is not self.deals[0] else self.said(codes, slot)
            codes = deal if rng.random() < 0.42 and not self.prolific else codes
        p_owner, c_owner = self.lines(deal, label)
        origin, _ = self.origin(codes, isrc_year), None
        upc, serial = self.barcode(codes, slot, year)
        return Paper(label, p_owner, c_owner, origin, upc, serial)

    def move(self, rng: Random) -> None:
        """Begin another deal, now and then an old one again."""
        again = len(self.deals) > 1 and rng.random() < 0.25
        self.deals.append(self.deals[-2] if again else self.deal(rng.random()))

    def stray(self) -> str:
        """Name a label with which only one release is made."""
        return names.label_name(self.rng, self.tongue if self.rng.random() < 0.7 else names.ENGLISH)

    def said(self, deal: Deal, slot: int) -> str:
        """Spell a deal's label: mostly as before, now and then as an imprint, a division or a joint venture."""
        plain = deal.label or f"{1_000_000 + (self.n * 977 + slot) * 7919 % 8_999_999} Records DK"
        if not deal.label:
            return plain
        rng = self.rng
        if rng.random() >= self.respells:
            return self.spelling.get(plain, plain)
        stem = plain.rsplit(" ", 1)[0]
        group = deal.group or "Independent"
        spelled = rng.choice((
            f"{stem} Recordings", f"{plain} / {group}", f"{plain}, a division of {group}", f"{stem}", f"{plain} Ltd.",
            f"{plain} under exclusive license to {group}", f"{stem} Editions", f"{plain} & {stem} Sessions",
        ))  # fmt: skip
        if rng.random() < 0.4:
            self.spelling[plain] = spelled
        return spelled

    def lines(self, deal: Deal, label: str) -> tuple[str, str]:
        """Write the owners in the P- and C-line."""
        style = deal.style if self.rng.random() > OTHER_LINE else self.rng.randrange(5)
        owner = self.name if label.endswith(" DK") else label
        group = deal.group or owner
        p_owner = (
            owner,
            f"{owner}, a division of {group}",
            f"{self.company} under exclusive license to {owner}",
            self.company,
            f"{self.name} & {owner}",
        )[style]
        return p_owner, owner if self.rng.random() < 0.8 else self.company

    def origin(self, deal: Deal, year: int) -> Origin:
        """Give whose ISRCs a deal's recordings of a year get."""
        if deal.own:
            return Origin(OWN)
        if deal.pooled:
            turn = (self.n * 31 + deal.distributor * 7 + year // 4) % POOL_PAGES
            return Origin(POOL, deal.distributor, era_of(year), turn)
        return Origin(LABEL, deal.house * 2 + (year >= GENERATION_YEAR + deal.house % 4))

    def numbers(self, origin: Origin, year: int, count: int) -> tuple[Origin, int]:
        """Reserve ISRC numbers."""
        return self.ledger.room(
            origin, year, count, LABEL_TOP if origin.kind == LABEL else PAGE_ROOM - PLANTED_ROOM, POOL_PAGES
        )

    def barcode(self, deal: Deal, slot: int, year: int) -> tuple[Origin, int]:
        """Reserve a barcode: a label's own, or one from a distributor's stock."""
        if not deal.pooled_upc:
            return self.barcodes.room(Origin(LABEL, deal.house * 2), 0, 1, LABEL_UPC_TOP, 1)
        page = (slot * 5 + self.n) // 3 % UPC_PAGES
        wanted = Origin(POOL, deal.distributor, era_of(year), page)
        return self.barcodes.room(wanted, 0, 1, UPC_PAGE_ROOM - PLANTED_UPC_ROOM, UPC_PAGES)
