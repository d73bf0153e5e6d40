"""A case as the answers to a form: known facts, blanks for a person, and nothing sworn for anybody. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from crawler.feed.document import Candidate, FindingPart
from crawler.packets.forms import GROUND_SAYS, WRONG_PAGE, Form, form_for

BLANK = "[to be filled in by the person who reports]"
SWORN = "[a sworn statement: only the person who reports can make it]"
ASKED = {
    "work": "the work or recording that is concerned",
    "artist": "the artist",
    "own_pages": "the artist's own pages",
    "items": "what is reported, each with its address",
    "explanation": "why",
    "evidence": "what supports it",
    "role": "owner, or acting for whom",
    "reporter_name": "full legal name of the reporter",
    "reporter_address": "postal address",
    "reporter_phone": "telephone",
    "reporter_email": "e-mail address",
    "bona_fide": "statement of good faith",
    "sworn_good_faith": "statement of good-faith belief that the use is not authorised",
    "sworn_accuracy": "statement, under penalty of perjury, of accuracy and authority",
    "signature": "signature",
}
BY_PERSON = frozenset({"role", "reporter_name", "reporter_address", "reporter_phone", "reporter_email"})
BY_OATH = frozenset({"bona_fide", "sworn_good_faith", "sworn_accuracy", "signature"})
LEADING = 6  # reasons that are quoted


@dataclass(frozen=True, slots=True)
class Answer:
    """One field of a form."""

    field: str
    asked: str
    answer: tuple[str, ...]  # empty: nobody told us
    state: str  # filled, blank, sworn


@dataclass(frozen=True, slots=True)
class Packet:
    """All that one report asks."""

    case_id: int
    revision: int
    platform: str
    ground: str
    form: Form
    status: str
    answers: tuple[Answer, ...]
    warnings: tuple[str, ...]

    @property
    def blanks(self) -> tuple[str, ...]:
        """Name what a person must still fill in."""
        return tuple(one.field for one in self.answers if one.state != "filled")

    def as_row(self) -> dict[str, Any]:
        """Return it with stable keys."""
        return asdict(self) | {"blanks": self.blanks, "sent": False}


def packet(case: Candidate, platform: str, ground: str) -> Packet:
    """Fill in a form; findings on the platform that are gone already are left out."""
    form = form_for(platform, ground)
    here = [one for one in case.findings if _is_here(one, platform)]
    said = {
        "work": tuple(_work(case, here)),
        "artist": (case.artist.name, *([f"MusicBrainz {case.artist.mbid}"] if case.artist.mbid else [])),
        "own_pages": tuple(f"{page.platform}: {page.url or page.id}" for page in case.artist.official),
        "items": tuple(line for one in here for line in _item(one)),
        "explanation": tuple(_explanation(case, ground)),
        "evidence": tuple(_evidence(case)),
    }
    return Packet(
        case_id=case.case_id,
        revision=case.revision,
        platform=platform,
        ground=ground,
        form=form,
        status=case.status,
        answers=tuple(_answer(field, said.get(field, ())) for field in form.asks),
        warnings=tuple(_warnings(case, here, platform)),
    )


def _is_here(one: FindingPart, platform: str) -> bool:
    return one.removed_at is None and platform in ("distributor", one.profile.platform)


def _answer(field: str, said: tuple[str, ...]) -> Answer:
    if field in BY_OATH:
        return Answer(field, ASKED[field], (SWORN,), "sworn")
    if field in BY_PERSON or not said:
        return Answer(field, ASKED[field], (BLANK,), "blank")
    return Answer(field, ASKED[field], said, "filled")


def _work(case: Candidate, here: Sequence[FindingPart]) -> Iterator[str]:
    for one in here:
        if one.release is not None:
            codes = [f"UPC {one.release.upc_raw}"] if one.release.upc_raw else []
            codes += [f"ISRC {track.isrc_raw} ({track.title})" for track in one.release.tracks if track.isrc_raw]
            yield f"{one.release.title}: {', '.join(codes) or 'no identifiers were told'}"


def _item(one: FindingPart) -> Iterator[str]:
    page = f"page {one.profile.name}: {one.profile.url or one.profile.id}"
    if one.release is None:
        yield f"{page}, first seen {one.first_seen_at:%Y-%m-%d}"
        return
    release = one.release
    lines = f"; {'; '.join(release.lines)}" if release.lines else "; label not told"
    yield (
        f"{release.title}: {release.url or release.id}, on the {page}, {one.role}, first seen "
        f"{one.first_seen_at:%Y-%m-%d}, dated {release.date or 'not'}{lines}"
    )


def _explanation(case: Candidate, ground: str) -> Iterator[str]:
    yield f"Ground: {GROUND_SAYS[ground]}."
    yield case.statement
    if ground == WRONG_PAGE and case.artist.official:
        pages = ", ".join(page.url or f"{page.platform} {page.id}" for page in case.artist.official)
        yield f"The artist's own pages are {pages}."


def _evidence(case: Candidate) -> Iterator[str]:
    fired = sorted((s for s in case.signals if s.state == "fired" and s.bits > 0), key=lambda s: -s.bits)
    for signal in fired[:LEADING]:
        yield f"{signal.reason} {signal.because}"
    if case.verdict is not None:
        yield f"{case.verdict.decision}, decided by {case.verdict.authority} on {case.verdict.decided_at:%Y-%m-%d}"


def _warnings(case: Candidate, here: Sequence[FindingPart], platform: str) -> Iterator[str]:
    if case.verdict is None or case.verdict.decision not in ("impersonation", "takedown"):
        yield "nobody with authority has decided that this is not the artist's: it is a candidate, unconfirmed"
    if not here:
        yield f"nothing of this case stands on {platform} now, as far as we saw"
    if any(one.release is not None and not one.release.url for one in here):
        yield "an item has no address of its own; forms ask for one"


def lines(one: Packet) -> Iterator[str]:
    """Show a packet for a reader."""
    yield f"Case {one.case_id} (revision {one.revision}, {one.status}), to {one.platform}: {GROUND_SAYS[one.ground]}"
    yield f"Where: {one.form.where} (known from: {one.form.source})"
    yield from (f"Note: {note}" for note in one.form.notes)
    yield from (f"WARNING: {warning}" for warning in one.warnings)
    for answer in one.answers:
        yield ""
        yield f"{answer.asked}:"
        yield from (f"  {said}" for said in answer.answer)
    yield ""
    yield f"To fill in: {', '.join(one.blanks) or 'nothing'}. Falsetto sends nothing; a person does, and then says so:"
    yield f"falsetto cases reported {one.case_id} --platform {one.platform} --ground {one.ground} --by NAME"
