"""How an act releases: with which label, under which lines, with whose codes, and how all of that changes with time.

The rates are tuned until a world shows what real catalogues show (`python -m benchmarks.sandbox --rates`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random

from sandbox.made import names
from sandbox.made.codes import (
    DISTRIBUTORS,
    GENERATIONS,
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
from sandbox.made.people import spelled
from sandbox.made.scenes import LABELS, MAJORS, SCENE, camp_house
from sandbox.made.shape import Shape

# How many act so, and how often before a release: a new deal, a release elsewhere, another spelling of the label.
TEMPERS = ((0.41, 0.01, 0.015, 0.01), (0.38, 0.045, 0.092, 0.05), (0.21, 0.13, 0.32, 0.10))
SELF, LABELLED = 0.30, 0.84
FILLED, OWN_CODES, CAMP = 0.05, 0.12, 0.85
OTHER_CODES, OTHER_STOCK, STRAY_AT_HOME = 0.24, 0.03, 0.1
LED_BY_GUEST, JOINT, VENTURE, JOINT_CODES = 0.08, 0.22, 0.12, 0.6
PLANTED_ROOM, PLANTED_UPC_ROOM = 14, 4
LABEL_TOP, SAMPLED_TOP, LABEL_UPC_TOP = 432, 440, 450
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


def scene_label(shape: Shape, n: int, house: int) -> str:
    """Give the name of a label of an act's scene."""
    return names.label_name(shape.rng("label", n // SCENE * LABELS + house), shape.tongue(n))


def company_name(shape: Shape, n: int, name: str) -> str:
    """Give the name of an act's own company."""
    rng = shape.rng("company", n)
    return names.label_name(rng, shape.tongue(n)) if rng.random() < 0.15 else f"{name} Music"


def first_deal(shape: Shape, n: int, name: str) -> Deal:
    """Give the deal with which an act begins; its neighbours know it too."""
    return signed(shape, n, name, shape.rng("deal", n))


def signed(shape: Shape, n: int, name: str, rng: Random) -> Deal:
    """Sign with somebody: nobody, an independent label of the scene, or a house of a major."""
    dice, distributor = rng.random(), rng.randrange(DISTRIBUTORS)
    own = n % OWN_EVERY == 0 and rng.random() < OWN_CODES
    if dice < SELF:
        kind = rng.random()
        label = name if kind < 0.6 else company_name(shape, n, name) if kind < 1 - FILLED else ""
        return Deal(label, 0, "", 0 if kind < 0.7 else 3, distributor, True, own)
    if dice < LABELLED:
        house = camp_house(n) if rng.random() < CAMP else rng.randrange(LABELS - len(MAJORS))
        style = rng.choice((0, 0, 2, 3))
        return Deal(scene_label(shape, n, house), house, "", style, distributor, house == 1, own, house % 2 == 1)
    house = rng.choice(MAJORS)
    group = names.label_name(shape.rng("group", house), names.ENGLISH)
    return Deal(scene_label(shape, n, house), house, group, rng.choice((0, 1, 2)), distributor, False, False, False)


class Career:
    """The deals of one act, one release after the other."""

    def __init__(self, shape: Shape, n: int, name: str, rng: Random, prolific: bool) -> None:
        """Begin with a first deal."""
        self.shape, self.n, self.name, self.rng = shape, n, name, rng
        self.tongue = shape.tongue(n)
        self.prolific = prolific
        temper = rng.choices(TEMPERS, [temper[0] for temper in TEMPERS])[0]
        _, self.moves, self.strays, self.respells = temper
        self.company = company_name(shape, n, name)
        self.ledger, self.barcodes = Ledger(), Ledger()
        first = first_deal(shape, n, name)
        self.deals = [replace(first, pooled=False, pooled_upc=False, own=False) if prolific else first]
        self.spelling: dict[str, str] = {}

    def paper(self, slot: int, year: int, isrc_year: int, guests: Sequence[tuple[int, str]]) -> Paper:
        """Give what stands on the next release."""
        rng = self.rng
        if rng.random() < self.moves:
            self.move(rng)
        deal = codes = self.deals[-1]
        label = self.said(deal, slot)
        mates = [guest for guest, _ in guests if guest // SCENE == self.n // SCENE]
        if mates and not self.prolific and rng.random() < LED_BY_GUEST + JOINT:
            codes, label = self.joint(mates[0], rng.random() < LED_BY_GUEST / (LED_BY_GUEST + JOINT))
        elif mates and not self.prolific and rng.random() < VENTURE:
            label = f"{scene_label(self.shape, self.n, camp_house(mates[0]))} / {label}"
        elif rng.random() < self.strays and not self.prolific:
            label = self.stray()
            stranger = replace(deal, distributor=rng.randrange(DISTRIBUTORS), pooled=True, own=False, pooled_upc=True)
            codes = deal if rng.random() < STRAY_AT_HOME else stranger
        if rng.random() < OTHER_CODES and not self.prolific:
            codes = replace(codes, distributor=rng.randrange(DISTRIBUTORS), pooled=True, own=False)
        p_owner, c_owner = self.lines(deal, label)
        origin = self.origin(codes, isrc_year)
        if mates and not self.prolific and rng.random() < JOINT_CODES:
            origin = self.origin(Deal("", camp_house(mates[0]), "", 0, 0, False), isrc_year)
        upc, serial = self.barcode(codes, slot, year)
        return Paper(label, p_owner, c_owner, origin, upc, serial)

    def joint(self, mate: int, led: bool) -> tuple[Deal, str]:
        """Release with somebody of the same scene: on their label, or on the label of the camp."""
        if led:
            theirs = first_deal(self.shape, mate, spelled(self.shape, mate))
            return replace(theirs, own=False), theirs.label or self.stray()
        house = camp_house(mate)
        label = scene_label(self.shape, self.n, house)
        return Deal(label, house, "", 0, 0, False), label

    def move(self, rng: Random) -> None:
        """Begin another deal, now and then an old one again."""
        again = len(self.deals) > 1 and rng.random() < 0.25
        self.deals.append(self.deals[-2] if again else signed(self.shape, self.n, self.name, rng))

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
            turn = (self.n * 31 + deal.distributor * 7 + year // 3) % POOL_PAGES
            return Origin(POOL, deal.distributor, max(0, era_of(year) - (deal.distributor % 3 == 0)), turn)
        return Origin(LABEL, deal.house * GENERATIONS + (year >= GENERATION_YEAR))

    def numbers(self, origin: Origin, year: int, count: int) -> tuple[Origin, int]:
        """Reserve ISRC numbers."""
        return self.ledger.room(
            origin, year, count, LABEL_TOP if origin.kind == LABEL else PAGE_ROOM - PLANTED_ROOM, POOL_PAGES
        )

    def barcode(self, deal: Deal, slot: int, year: int) -> tuple[Origin, int]:
        """Reserve a barcode: a label's own, or one from a distributor's stock."""
        if not deal.pooled_upc and (self.prolific or self.rng.random() > OTHER_STOCK):
            return self.barcodes.room(Origin(LABEL, deal.house * GENERATIONS), 0, 1, LABEL_UPC_TOP, 1)
        stranger = self.rng.random() < OTHER_STOCK
        distributor = self.rng.randrange(DISTRIBUTORS) if stranger else deal.distributor
        wanted = Origin(POOL, distributor, era_of(year), (slot + self.n) // 3 % UPC_PAGES)
        return self.barcodes.room(wanted, 0, 1, UPC_PAGE_ROOM - PLANTED_UPC_ROOM, UPC_PAGES)
