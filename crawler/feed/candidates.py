"""From a case in the store to the document that detection systems read, and into the outbox."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from crawler.feed.document import ArtistPart, Candidate, ProfilePart, ReleasePart, SignalPart, TrackPart, VerdictPart
from storage import outbox
from storage.facts.case_file import CaseFile, case_file

STATEMENT = {
    "new_on_official_profile": "unconfirmed: {release!r} appeared on {artist!r}'s profile on {platform}",
    "resembling_name": "unconfirmed: a profile on {platform} goes by {profile!r}, which resembles {artist!r}",
    "named_on_release": "unconfirmed: {release!r} by {profile!r} on {platform} names {artist!r} in a title or credit",
    "same_name_other_profile": "unconfirmed: a profile on {platform} goes by {profile!r}, a name of {artist!r}",
}


def tell(connection: Connection, events: Sequence[tuple[int, str]], at: datetime) -> None:
    """Write each case event's document to the outbox, inside the transaction that changed the case."""
    entries = []
    for case_id, event in events:
        key = f"case-{case_id}-{outbox.events_of(connection, case_id) + 1}"
        document = candidate(case_file(connection, case_id), event, key, at)
        entries.append(outbox.Entry(case_id, event, key, document.model_dump_json()))
    outbox.write(connection, entries, at)


def candidate(file: CaseFile, event: str, idempotency_key: str, at: datetime) -> Candidate:
    """Compose the document."""
    case, profile, release = file.case, file.profile, file.release
    return Candidate(
        event=event,
        idempotency_key=idempotency_key,
        case_id=case.id,
        kind=case.kind,
        role=case.role,
        status=case.status,
        statement=statement(file),
        score_low=case.score_low,
        score_high=case.score_high,
        rule_version=case.rule_version,
        artist=ArtistPart(key=file.artist.key, name=file.artist.name, mbid=file.artist.mbid),
        profile=ProfilePart(
            platform=profile.platform,
            id=profile.platform_id,
            name=profile.name,
            url=profile.url,
            standing=file.standing,
            followers=profile.followers,
            first_seen_at=profile.first_seen_at,
        ),
        release=None if release is None else _release(file),
        signals=[SignalPart(**signal) for signal in json.loads(case.evidence)],
        verdict=None
        if file.verdict is None
        else VerdictPart(
            decision=file.verdict.decision,
            authority=file.verdict.authority,
            note=file.verdict.note,
            decided_at=file.verdict.decided_at,
        ),
        opened_at=case.opened_at,
        written_at=at,
    )


def statement(file: CaseFile) -> str:
    """Say what is suspected, in one sentence."""
    return STATEMENT[file.case.kind].format(
        artist=file.artist.name,
        platform=file.profile.platform,
        profile=file.profile.name,
        release=file.release.title if file.release is not None else "",
    )


def _release(file: CaseFile) -> ReleasePart:
    release = file.release
    assert release is not None
    return ReleasePart(
        id=release.platform_id,
        title=release.title,
        kind=release.kind,
        url=release.url,
        date=release.date_raw,
        upc=release.gtin14,
        lines=[f"{line.kind}: {line.text}" for line in file.lines],
        credits=[f"{credit.name} ({credit.role})" for credit in file.credits],
        tracks=[
            TrackPart(
                platform_id=t.platform_id,
                title=t.title,
                version=t.version,
                disc=t.disc,
                position=t.position,
                duration_ms=t.duration_ms,
                isrc=t.isrc,
            )
            for t in file.tracks
        ],
        first_seen_at=release.first_seen_at,
    )
