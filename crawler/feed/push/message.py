"""What is pushed: which candidates an endpoint wants, and the bytes that it gets."""

import json
from collections.abc import Mapping
from typing import Any

LARGEST = 20_000  # bytes, as Standard Webhooks advises; what is larger carries the core and a link
WORDS = ("platforms", "kinds", "statuses", "artists")
CORE = (
    "schema_version",
    "event",
    "idempotency_key",
    "case_id",
    "revision",
    "kind",
    "attack",
    "origin",
    "status",
    "score_low",
    "score",
    "score_high",
    "bits",
    "rule_version",
    "merged_into",
    "opened_at",
    "written_at",
)
MOST_FINDINGS = 20
LONGEST_TEXT = 500


def wanted(filters: Mapping[str, Any], document: Mapping[str, Any]) -> bool:
    """Tell whether a candidate passes an endpoint's filters; a filter that is not set lets everything through."""
    platforms = {one["profile"]["platform"] for one in document["findings"]}
    artist = document["artist"]
    has = {
        "platforms": platforms,
        "kinds": {document["kind"]},
        "statuses": {document["status"]},
        "artists": {artist["key"], artist["name"]},
    }
    if any(filters.get(word) and not has[word] & set(filters[word]) for word in WORDS):
        return False
    return bool(document["score"] >= filters.get("least_score", 0.0))


def body(document: str, read: Mapping[str, Any], position: int, public_url: str) -> str:
    """Write the bytes of a message."""
    head = {"type": f"candidate.{read['event']}", "timestamp": read["written_at"]}
    opened = json.dumps(head, ensure_ascii=False, separators=(",", ":"))[:-1]
    whole = f'{opened},"data":{document}}}'
    if len(whole.encode()) <= LARGEST:
        return whole
    core = json.dumps(_core(read, position, public_url), ensure_ascii=False, separators=(",", ":"))
    return f'{opened},"data":{core}}}'


def _core(read: Mapping[str, Any], position: int, public_url: str) -> dict[str, Any]:
    findings = [
        {
            "platform": one["profile"]["platform"],
            "profile_id": _short(one["profile"]["id"]),
            "release_id": _short(one["release"]["id"]) if one["release"] else None,
            "role": one["role"],
        }
        for one in read["findings"][:MOST_FINDINGS]
    ]
    artist = read["artist"]
    return {
        **{name: read[name] for name in CORE},
        "statement": _short(read["statement"]),
        "artist": {"key": _short(artist["key"]), "name": _short(artist["name"])},
        "findings": findings,
        "is_core": True,
        "whole": f"{public_url.rstrip('/')}/v1/candidates?after={position - 1}&limit=1",
    }


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
