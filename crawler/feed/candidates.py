"""From a case in the store to the document that detection systems read, and into the outbox."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from crawler.feed.answer import Answer
from crawler.feed.document import (
    ArtistPart,
    CampaignPart,
    Candidate,
    DetectionPart,
    FindingPart,
    ProfilePart,
    ReleasePart,
    SignalPart,
    TrackPart,
    VerdictPart,
)
from storage import outbox
from storage.facts.case_file import Appearance, CaseFile, case_file

STATEMENT = {
    "release": "unconfirmed: {title!r} stands under the name of {artist!r} ({where})",
    "profile": "unconfirmed: a page goes by {title!r}, a name of {artist!r} or nearly ({where})",
    "disappearance": "unconfirmed: {title!r} is gone from the pages of {artist!r} ({where})",
    "tampering": "unconfirmed: what stands on a page of {artist!r} was changed: {title} ({where})",
}
MOST_ANSWERS = 20


def tell(connection: Connection, events: Sequence[tuple[int, str]], at: datetime) -> None:
    """Write each case event's document to the outbox, inside the transaction that changed the case."""
    entries = []
    for case_id, event in events:
        key = f"case-{case_id}-{outbox.events_of(connection, case_id) + 1}"
        file = case_file(connection, case_id)
        if event == "withdrawn":
            document = withdrawal(file, case_id, key, at)
        else:
            document = candidate(file, "withdrawn" if file.case.status == "cleared" else event, key, at)
        entries.append(outbox.Entry(case_id, event, key, document.model_dump_json()))
    outbox.write(connection, entries, at)


def candidate(file: CaseFile, event: str, idempotency_key: str, at: datetime) -> Candidate:
    """Compose the document."""
    case = file.case
    signals = [SignalPart(**signal) for signal in json.loads(case.evidence)]
    return Candidate(
        event=event,
        idempotency_key=idempotency_key,
        case_id=case.id,
        revision=case.revision,
        kind=case.kind,
        attack=case.attack,
        origin=case.origin,
        status=case.status,
        statement=statement(file),
        score_low=case.score_low,
        score=case.score,
        score_high=case.score_high,
        bits=case.bits,
        blind=[signal.signal for signal in signals if signal.state == "blind"],
        rule_version=case.rule_version,
        artist=ArtistPart(
            key=file.artist.key,
            name=file.artist.name,
            mbid=file.artist.mbid,
            official=[_profile(row, "official") for row in file.official],
        ),
        findings=[_finding(one) for one in file.appearances],
        signals=signals,
        campaign=_campaign(file.campaign),
        verdict=_verdict(file.verdict),
        detections=[_detection(row) for row in file.answers[:MOST_ANSWERS]],
        opened_at=case.opened_at,
        written_at=at,
    )


def withdrawal(file: CaseFile, case_id: int, idempotency_key: str, at: datetime) -> Candidate:
    """Compose the document that takes a case back because it went up in another."""
    told = candidate(file, "withdrawn", idempotency_key, at)
    return told.model_copy(update={"case_id": case_id, "status": "merged", "merged_into": file.case.id})


def statement(file: CaseFile) -> str:
    """Say what is suspected, in one sentence."""
    where = ", ".join(dict.fromkeys(one.profile.platform for one in file.appearances)) or "nowhere now"
    said = STATEMENT[file.case.kind].format(title=file.case.title, artist=file.artist.name, where=where)
    verdict = file.verdict
    if verdict is not None and verdict.decision != "unsure":
        return said.replace("unconfirmed", f"{verdict.decision} (by {verdict.authority})", 1)
    return said


def _verdict(row: Row[Any] | None) -> VerdictPart | None:
    if row is None:
        return None
    return VerdictPart(decision=row.decision, authority=row.authority, note=row.note, decided_at=row.decided_at)


def _detection(row: Row[Any]) -> DetectionPart:
    answer = Answer.model_validate_json(row.answer).model_copy(update={"raw": None}) if row.answer else None
    return DetectionPart(
        detector=row.authority,
        decision=row.decision,
        question=row.question or None,
        said=row.note or row.decision,
        answer=answer,
        answered_at=row.decided_at,
    )


def _campaign(row: Row[Any] | None) -> CampaignPart | None:
    return None if row is None else CampaignPart(id=row.id, ties=[str(tie) for tie in json.loads(row.ties)])


def _profile(row: Row[Any], standing: str | None) -> ProfilePart:
    return ProfilePart(
        platform=row.platform,
        id=row.platform_id,
        name=row.name,
        url=row.url,
        image_url=row.image_url,
        standing=standing,
        followers=row.followers,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
    )


def _finding(one: Appearance) -> FindingPart:
    return FindingPart(
        role=one.finding.role,
        profile=_profile(one.profile, one.standing),
        release=None if one.release is None else _release(one),
        first_seen_at=one.finding.first_seen_at,
        removed_at=one.finding.removed_at,
        oldest_at=one.oldest_at,
    )


def _release(one: Appearance) -> ReleasePart:
    row = one.release
    assert row is not None
    return ReleasePart(
        id=row.platform_id,
        title=row.title,
        kind=row.kind,
        url=row.url,
        date=row.date_raw,
        upc_raw=row.upc_raw,
        gtin=row.gtin14,
        artwork_url=row.cover_url,
        lines=[f"{line.kind}: {line.text}" for line in one.lines],
        credits=[f"{credit.name} ({credit.role})" for credit in one.credits],
        ai=[f"{disclosure.field}: {disclosure.value}" for disclosure in one.disclosures],
        tracks=[
            TrackPart(
                platform_id=t.platform_id,
                title=t.title,
                version=t.version,
                disc=t.disc,
                position=t.position,
                duration_ms=t.duration_ms,
                isrc_raw=t.isrc_raw,
                isrc=t.isrc,
                url=t.url,
            )
            for t in one.tracks
        ],
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
    )
