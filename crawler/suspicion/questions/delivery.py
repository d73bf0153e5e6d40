"""Who delivered this? Label, rights lines, registrants, barcode prefixes and provider move together: one question."""

from collections.abc import Iterator
from math import log2

from crawler.suspicion.history import History, most_usual
from crawler.suspicion.lines import Holder, holder_text, holders, telling_words
from crawler.suspicion.questions.measure import acts_known, spread_of
from crawler.suspicion.signal import BLIND, FIRED, QUIET, Signal, Weighed, weigh
from crawler.suspicion.traits import Traits, led_by_others
from crawler.suspicion.weights import WEIGHTS
from storage.facts.values import Event

TYPED = 0.3  # of what a home line says is left where issued codes are new: a forged home label is cheap
KINSHIP = 2  # power by which the share of words that two lines have in common counts
GUEST = 0.1  # on somebody else's release labels and codes say almost nothing (base rates: 71 % of labels are new)


def who_delivered(event: Event, history: History) -> Signal:
    """Who delivered it: its label, lines and codes beside what is home."""
    shown = event.shown
    if shown is None:
        return Signal(QUIET)
    traits = history.read(shown)
    guest = traits.role in ("appears_on", "compilation")
    parts = [*_lines(event, history, traits), *_codes(event, history, traits), *_barcodes(event, history, traits)]
    parts += _provider(history, traits)
    if guest:
        parts = [Weighed(p.weight, round(p.times * GUEST, 4), p.quote) for p in parts]
    missing, low, high = _unseen(history, traits)
    scale = GUEST if guest else 1.0
    if not parts:
        return Signal(BLIND, missing=missing or ("history",), low=low * scale, high=high * scale, quote=_said(missing))
    moved = round(sum(p.bits for p in parts), 3)
    state = FIRED if moved else QUIET
    return Signal(state, tuple(parts), missing=missing, low=low * scale, high=high * scale)


def _lines(event: Event, history: History, traits: Traits) -> Iterator[Weighed]:
    taught = event.artist.home_labels
    if not traits.holders or not (history.told["holders"] or taught):
        return
    printed = ", ".join(dict.fromkeys(line.text for line in event.shown.lines)) if event.shown else ""
    trust = TYPED if _codes_deny(event, history, traits) else 1.0
    if traits.line_keys & taught:
        yield weigh("line.claimed", f"{printed}: claimed or judged as home", trust)
        return
    held = frozenset(h for h in traits.holders if not history.is_own(h))
    home = [h for h in history.known("holders", held) if isinstance(h, tuple)]
    if home:
        yield from _home_line(event, history, traits, home[0], trust)
        return
    if not held:
        yield weigh("line.self", f"{printed}: the artist's own name, which anybody can type")
        return
    yield from _new_line(event, history, traits, printed)


def _codes_deny(event: Event, history: History, traits: Traits) -> bool:
    """Tell whether issued codes speak against what the lines say."""
    taught = event.artist.home_prefixes
    known = {str(r) for r in history.counts["registrants"]} | history.guests.get("registrants", set()) | taught
    return bool(traits.registrants and known) and not traits.registrants & known


def _home_line(event: Event, history: History, traits: Traits, best: Holder, trust: float) -> Iterator[Weighed]:
    seen, of = history.counts["holders"][best], history.told["holders"]
    name = holder_text(best)
    doubt = "" if trust == 1.0 else "; typed text counts less where the codes are new"
    yield weigh("line.home", f"{name}: on {seen} of {of} releases before{doubt}", trust)
    yield weigh("line.home_share", "", trust * (log2(seen / of + 0.02) + 5.644))
    if any(best in near.holders for near in history.around(traits.day, "holders")):
        yield weigh("line.home_recent", f"{name}: also on one of the three releases nearest in date", trust)
    spread = spread_of(event, "holder", {name})
    if spread:
        yield weigh("line.home_spread", f"{spread} other acts use it", trust * log2(1 + spread))
    strange = sorted(key for key, held in _by_kind(event, history) if held and not history.known("holders", held))
    if strange:
        yield weigh("line.split", f"beside a {strange[0]} line of strangers")


def _by_kind(event: Event, history: History) -> Iterator[tuple[str, frozenset[Holder]]]:
    """Give the holders of each kind of line, the artist's own name left out."""
    for line in event.shown.lines if event.shown else ():
        if line.kind != "provider":
            yield line.kind, frozenset(h for h in holders(line.text) if not history.is_own(h))


def _new_line(event: Event, history: History, traits: Traits, printed: str) -> Iterator[Weighed]:
    usual = ", ".join(holder_text(h) for h in most_usual(history.counts["holders"]))
    chance, depth = history.chance_new("holders"), history.told["holders"]
    yield weigh("line.new", f"printed {printed}; known: {usual}")
    yield weigh("line.new_rarity", f"a new one is usual in {chance:.0%} of this artist's releases", -log2(chance))
    yield weigh("line.new_depth", f"{depth} releases compared", log2(max(1, depth)))
    if event.artist.home_labels:
        yield weigh(
            "line.not_claimed", f"{len(event.artist.home_labels)} lines are claimed or judged as home, not this"
        )
    own = telling_words(history.own_holders)
    akin, likeness = _akin(history, traits, own)
    if akin:
        yield weigh("line.akin", f"shares the word {akin!r} with a known line", likeness)
    if traits.holders & history.guests.get("holders", set()):
        yield weigh("line.guest_known", "known from a guest appearance")
    if led_by_others(traits):
        yield weigh("line.guest_led", "somebody else on it leads it: theirs is the label")
    elif traits.line_keys & event.surroundings.homes:
        yield weigh("line.guest_led", "the label is that of another monitored artist on it")
    known = acts_known(event)
    if not known:
        return
    spread = max((spread_of(event, "holder", {holder_text(h)}) for h in traits.holders), default=0)
    if spread:
        yield weigh("line.new_spread", f"{spread} other acts use it", log2(1 + spread))
    else:
        yield weigh("line.new_unknown", f"none of {event.surroundings.acts} other acts uses it", known)


def _akin(history: History, traits: Traits, own: frozenset[str]) -> tuple[str, float]:
    """Find the known line that shares most of its words with one of these; half of a name shared is no kinship yet."""
    best = (0.0, "")
    mine = [telling_words(frozenset({holder})) - own for holder in traits.holders]
    for known in history.counts["holders"]:
        theirs = telling_words(frozenset({known})) - own if isinstance(known, tuple) else frozenset[str]()
        for words in mine:
            both = words & theirs
            if both:
                best = max(best, (len(both) / min(len(words), len(theirs)), min(both)))
    part, shared = best
    return shared, part**KINSHIP


def _codes(event: Event, history: History, traits: Traits) -> Iterator[Weighed]:
    claimed = traits.registrants & event.artist.home_prefixes
    if claimed:
        yield weigh("code.claimed", f"registrant {min(claimed)} is claimed or judged as home")
        spread = spread_of(event, "registrant", claimed)
        if spread:
            yield weigh("code.claimed_spread", f"{spread} other acts share it", log2(1 + spread))
        return
    if not traits.registrants or not (history.told["registrants"] or event.artist.home_prefixes):
        return
    home = history.known("registrants", traits.registrants)
    if home:
        of = history.told["registrants"]
        yield weigh("code.home", f"registrant {home[0]}: on {history.counts['registrants'][home[0]]} of {of} before")
        spread = spread_of(event, "registrant", traits.registrants)
        if spread:
            yield weigh("code.home_spread", f"{spread} other acts share it", log2(1 + spread))
        return
    named = min(traits.registrants)
    if traits.registrants & history.guests.get("registrants", set()):
        yield weigh("code.guest_known", f"registrant {named} is known from a guest appearance")
        return
    chance = history.chance_new("registrants")
    usual = ", ".join(most_usual(history.counts["registrants"]))
    theirs = GUEST if led_by_others(traits) else 1.0
    yield weigh("code.new", f"registrant {named}; known: {usual}", theirs)
    yield weigh("code.new_rarity", f"a new one is usual in {chance:.0%}", -log2(chance) * theirs)
    if led_by_others(traits):
        return
    if event.artist.home_prefixes:
        yield weigh("code.not_claimed", f"{len(event.artist.home_prefixes)} prefixes are claimed as home, not this")
    if history.told["registrants"] and not {r[:2] for r in traits.registrants} & {
        str(r)[:2] for r in history.counts["registrants"]
    }:
        yield weigh("code.new_country", f"country letters {named[:2]} are new")


def _barcodes(event: Event, history: History, traits: Traits) -> Iterator[Weighed]:
    claimed = {p for p in traits.prefixes if any(p.startswith(home) for home in event.artist.home_prefixes)}
    if claimed:
        yield weigh("barcode.claimed", f"barcode prefix {min(claimed)} is claimed or judged as home")
        return
    if not traits.prefixes or not history.told["prefixes"]:
        return
    home = history.known("prefixes", traits.prefixes)
    if home:
        yield weigh("barcode.home", f"barcode prefix {home[0]} is known")
        spread = spread_of(event, "prefix", traits.prefixes)
        if spread:
            yield weigh("code.home_spread", f"{spread} other acts share it", log2(1 + spread))
        return
    chance = history.chance_new("prefixes")
    yield weigh("barcode.new", f"barcode prefix {min(traits.prefixes)} is new")
    yield weigh("barcode.new_rarity", f"a new one is usual in {chance:.0%}", -log2(chance))


def _provider(history: History, traits: Traits) -> Iterator[Weighed]:
    if not traits.providers or not history.told["providers"]:
        return
    home = history.known("providers", traits.providers)
    if home:
        yield weigh("provider.home", f"delivered by {home[0]}, as before")
    else:
        yield weigh("provider.new", f"delivered by {min(traits.providers)}, never before")


def _unseen(history: History, traits: Traits) -> tuple[tuple[str, ...], float, float]:
    """List what was not told though history could judge it, and by how much it might move the answer."""
    missing, low, high = [], 0.0, 0.0
    for name, field, home, new in (
        ("holders", "label", "line.home", "line.new"),
        ("registrants", "isrc", "code.home", "code.new"),
        ("prefixes", "upc", "barcode.home", "barcode.new"),
    ):
        if not getattr(traits, name) and history.told[name]:
            missing.append(field)
            low += min(0.0, WEIGHTS[home].bits)
            high += max(0.0, WEIGHTS[new].bits)
    return tuple(missing), low, high


def _said(missing: tuple[str, ...]) -> str:
    return "not told: " + ", ".join(missing) if missing else "no release of the artist is known to compare with"
