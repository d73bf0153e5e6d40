"""What every column of the analysts' views means: the one source for COMMENT ON, view_columns, Datasette and Parquet.

A moment is on the clock of whoever set it: ours (when we saw or did it), or the uploader's (a claim about a release).
"""

from dataclasses import dataclass

OURS, CLAIMED = "ours", "claimed by the uploader"


@dataclass(frozen=True, slots=True)
class Column:
    """A column's meaning, its kind of value, its unit, and by whose clock it goes."""

    says: str
    kind: str = "text"  # text, whole, number, truth, moment, day, json
    unit: str = ""
    clock: str = ""


def _id(says: str) -> Column:
    return Column(says, "whole")


def _at(says: str) -> Column:
    return Column(says, "moment", "UTC", OURS)


def _count(says: str, unit: str) -> Column:
    return Column(says, "whole", unit)


VIEWS_SAY = {
    "v1_new_releases": "release that appeared on a page after its first complete look, and each artist of that page",
    "v1_coverage": "question that is asked (target), and each artist for whose sake: how much of the answer was seen",
    "v1_profiles": "page on a platform, and each artist it has a standing towards",
    "v1_credits": "name on a release or track, in a role, that is shown now",
    "v1_releases": "release as one platform shows it",
    "v1_identifiers": "barcode or ISRC as a release or track shows it",
    "v1_ended": "line, credit or track that is no longer shown",
    "v1_changes": "entry of the append-only change log",
    "v1_cases": "case: one event against one artist over all platforms, unconfirmed until somebody decided",
    "v1_findings": "binding of a case on one platform",
    "v1_census": "release or page that stood there at the first complete look, most unlike the rest first",
    "v1_verdicts": "verdict that was given, also of those superseded or undone",
    "v1_takedowns": "page or release of a case that a person decided against: decided, reported, no longer shown",
    "v1_campaigns": "group of cases that one operator seems to have made",
    "v1_artists": "monitored artist, never an accused",
    "v1_looks": "look: one attempt to answer a question, and how it ended",
    "v1_cases_as_of": "state of a case, and from when until when it was that",
    "v1_listings_as_of": "release on a page, and from when until when we knew it to stand there",
    "v1_lines_as_of": "label, P or C line of a release, and from when until when we knew it to be shown",
    "v1_budgets": "budget of calls that workers share",
    "view_columns": "column of these views, and what it means",
}

SHARED = {
    "added_at": _at("when it came onto the roster"),
    "after": Column("the value after the change; a set of markets as its countries"),
    "ai_disclosure": Column("yes, no or partial as the platform discloses; empty is undeclared, never 'human'"),
    "aliases": Column("other names that a reference source prints", "json"),
    "answer": Column("what the platform answered to the report: removed, refused, other; empty: not yet"),
    "artist": Column("the monitored artist concerned; whose name is at stake, not who did something"),
    "artist_id": _id("the artist's row"),
    "artist_key": Column("the artist's key, kept through renames and merges"),
    "artists": _count("how many monitored artists its cases concern", "artists"),
    "ask": Column("the kind of question: search, profile, releases, release, ..."),
    "attack": Column("the class of attack that it would be, a letter of docs/judgement.md"),
    "authority": Column("on whose word"),
    "baseline_at": _at("end of the first complete look: what came later is new"),
    "before": Column("the value before the change; a set of markets as its countries"),
    "bits": Column("the sum of the quoted parts of its score", "number", "bits"),
    "blind": Column("fields that the last look could not see, comma separated: withheld, not empty"),
    "bucket": Column("which of the platform's limits; empty is all calls"),
    "budget_id": _id("the budget's row"),
    "c_line": Column("the copyright line as printed"),
    "calls_in_hours_kept": _count("calls in the hours that the budget remembers", "calls"),
    "campaign_id": _id("the campaign's row"),
    "campaign_key": Column("what first tied the campaign"),
    "case_id": _id("the case's number"),
    "case_key": Column("the event's key: the same event is the same case for ever"),
    "cases": _count("how many cases", "cases"),
    "change_id": _id("the entry's row"),
    "changed_at": _at("when it last changed"),
    "claimed_artist": Column("the monitored artist whose name is at stake; never the accused"),
    "cost": _count("what the look cost", "calls"),
    "country": Column("the country that the platform prints"),
    "cover_url": Column("the address of the cover"),
    "credit_id": _id("the credit's row"),
    "credited_as": Column("the name as printed"),
    "credited_to": Column("the main credits as printed, in their order"),
    "cut": Column("whether the platform ended the list short: nobody sees what lies beyond", "truth"),
    "date": Column("the first day that the claimed date can mean", "day", "", CLAIMED),
    "date_precision": Column("how precise the claim is: day, month, year, none"),
    "date_raw": Column("the release date as the uploader typed it", "text", "", CLAIMED),
    "days_after_claim": _count("from the first day that the claimed date can mean to the day we first saw it", "days"),
    "days_to_removal": Column("from the decision until it was no longer shown; empty while it is", "number", "days"),
    "decided_at": _at("when it was decided"),
    "decision": Column("the verdict; `unconfirmed` where nobody decided"),
    "disambiguation": Column("what a reference source says to tell namesakes apart"),
    "due_at": _at("when it is asked next; empty: not again"),
    "ended_at": _at("when the look ended"),
    "entity": Column("the table whose row changed"),
    "entity_id": _id("the row that changed"),
    "event": Column("what happened to the case"),
    "evidence": Column("the signals with the values that they quote", "json"),
    "expected": _count("how many entries the platform said there are", "entries"),
    "explicit": Column("whether the platform marks it as explicit", "truth"),
    "failures_in_a_row": _count("failed looks since the last good one", "looks"),
    "field": Column("the column that changed, or what happened: appeared, missing, held, removed, ..."),
    "finding_id": _id("the finding's row"),
    "first_seen_at": _at("when we first saw it"),
    "owner": Column("the platform's word for whose page it is: label, user, mixed, topic"),
    "providers": Column("who delivered the tracks of a page, and how many each, where the platform tells", "json"),
    "added_raw": Column("when the platform says that it got the release, as it wrote it"),
    "followers": _count("followers that the platform shows", "people"),
    "genres": Column("genres as the platform prints them", "json"),
    "gone_at": _at("since when it is no longer shown"),
    "group_id": _id("the release or profile group of the event; of tampering the page, or minus the release group"),
    "gtin14": Column("the barcode as a GTIN-14; empty where it can't be one"),
    "held_at": _at("when it went missing together with much of its page: held back until that is confirmed"),
    "holder": Column("the credential or address that the platform counts by"),
    "hours": Column("calls by epoch hour", "json"),
    "isrc": Column("the normalised ISRC; empty where it can't be one"),
    "judged_at": _at("when it was judged"),
    "kind": Column("the kind of thing"),
    "label": Column("the label line as printed"),
    "last_complete_at": _at("when it was last seen whole"),
    "last_look_at": _at("when it was last asked"),
    "last_outcome": Column("how the last look ended: complete, partial, blind, absent, throttled, refused, ..."),
    "last_seen_at": _at("when we last saw it"),
    "line_id": _id("the line's row"),
    "listing_id": _id("the listing's row"),
    "look_id": _id("the look's row"),
    "loud": Column("whether it was above the alert cut when it was judged", "truth"),
    "market": Column("the storefront or country asked; empty where a platform has none"),
    "markets": Column("where it is offered: ISO 3166-1 codes", "json"),
    "mbid": Column("the MusicBrainz id"),
    "missing_since": _at("since when complete looks are without it"),
    "next_call_at": _at("when the next call may be made"),
    "normalised": Column("the identifier normalised; empty where it can't be one"),
    "note": Column("what was said with it"),
    "official_profiles": _count("pages known to be the artist's", "pages"),
    "on_page_of": Column("the page that a listing stands on"),
    "opened_at": _at("when it was opened"),
    "origin": Column("news, or census: it stood there at the first complete look"),
    "other_profiles_of_that_name": _count("pages of the same folded name, not known to be the artist's", "pages"),
    "outcome": Column("how the look ended: complete, partial, blind, absent, throttled, refused, malformed, failed"),
    "p_line": Column("the phonogram line as printed"),
    "pages": _count("pages of the answer that were read", "pages"),
    "pause_reason": Column("why it is paused"),
    "paused_until": _at("until when nothing is asked"),
    "place": _count("1 is the one most unlike the rest", "place"),
    "platform": Column("the platform's short name"),
    "position": _count("the place in the order of credits", "place"),
    "printed": Column("the identifier as printed"),
    "profile": Column("the page's id on its platform"),
    "profile_id": _id("the page's row"),
    "profile_name": Column("the page's name as printed"),
    "profile_url": Column("the page's address"),
    "rank": _count("1 rights holder, 2 analyst, 3 detector: the lowest counts, then the latest", "rank"),
    "reason": Column("why it is said to be so"),
    "received": _count("how many entries the look got", "entries"),
    "release": Column("the release's id on its platform"),
    "release_count": _count("releases that the platform says the page has", "releases"),
    "release_first_seen_at": _at("when we first saw the release anywhere on its platform"),
    "release_id": _id("the release's row"),
    "release_title": Column("the release's title as printed"),
    "release_url": Column("the release's address"),
    "releases_held": _count("releases that are held back, missing with much of the page", "releases"),
    "releases_listed": _count("releases that the page lists", "releases"),
    "reported_at": _at("when somebody first reported it to the platform; empty: nobody noted a report"),
    "removed_at": _at("since when it is no longer shown: two complete looks without it"),
    "reopened_because": Column("what reopened it after it was cleared"),
    "revision": _count("grows with every change of meaning", "revisions"),
    "role": Column("listed, appears_on, credited, named, page; of a credit: main, featured, remixer, ..."),
    "rule_version": Column("the rules that judged it"),
    "score": Column("the chance that it is not the artist's", "number", "0 to 1"),
    "score_high": Column("the score if what is blind spoke against it", "number", "0 to 1"),
    "score_low": Column("the score if what is blind spoke for it", "number", "0 to 1"),
    "section": Column("the part of the page"),
    "standing": Column("official, proposed, namesake, suspected, unknown; empty where nobody said"),
    "started_at": _at("when the look began"),
    "status": Column("open, watching, returned, confirmed, takedown_requested, gone, cleared; of a release as printed"),
    "stop_reason": Column("why the look stopped"),
    "subject": Column("what the question is about: an id, a name, a code"),
    "target_id": _id("the question's row"),
    "ties": Column("what ties its cases, with the values", "json"),
    "title": Column("the title as printed"),
    "track": Column("the track's id on its platform"),
    "track_count": _count("tracks that the platform says it has", "tracks"),
    "track_id": _id("the track's row"),
    "track_title": Column("the track's title as printed"),
    "tracks_seen": _count("tracks that we saw and that are shown", "tracks"),
    "undecided_cases": _count("cases that nobody decided", "cases"),
    "unfinished": Column("1 while a long list is being read over several looks", "whole"),
    "verdict_id": _id("the verdict's row"),
    "watched": Column("whether the artist is watched", "truth"),
    "what": Column("what it says, or what changed"),
    "whole_at": _at("when its details were last seen whole"),
    "withdrawn_at": _at("when the verdict was undone: it counts no longer"),
    "withdrawn_by": Column("who undid it"),
    "known_from": _at("from when on it was so, as we know it"),
    "known_until": _at("until when it was so; empty for what is so now"),
    "view_name": Column("the view"),
    "column_name": Column("the column"),
    "description": Column("what it means"),
    "unit": Column("its unit; UTC for moments"),
    "clock": Column("by whose clock a time goes"),
}  # fmt: skip

SPECIAL = {
    ("v1_changes", "changed_at"): _at("when the change was seen"),
    ("v1_changes", "position"): SHARED["position"],
    ("v1_coverage", "blind"): SHARED["blind"],
    ("v1_identifiers", "kind"): Column("upc or isrc"),
    ("v1_ended", "kind"): Column("label, p, c, track, or a credit's role"),
    ("v1_lines_as_of", "kind"): Column("label, p, c"),
    ("v1_new_releases", "kind"): Column("album, single, ... as the platform says"),
    ("v1_releases", "kind"): Column("album, single, ... as the platform says"),
    ("view_columns", "position"): _count("the column's place in its view", "place"),
    ("view_columns", "kind"): Column("text, whole, number, truth, moment, day or json"),
}


def column(view: str, name: str) -> Column:
    """Return what a column of a view means; KeyError where nobody wrote it down."""
    return SPECIAL.get((view, name)) or SHARED[name]
