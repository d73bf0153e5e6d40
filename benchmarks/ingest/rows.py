"""The rows that are written: one artist's catalogue, in looks of 200 releases with 5 tracks and 10 credits each."""

from datetime import UTC, datetime, timedelta

from storage.normalize import claimed_date, gtin14, isrc, title_key
from storage.observations import Coverage, CreditSeen, Outcome, ProfileSeen, ReleaseSeen, Told, TrackSeen
from storage.targets import Ask, Target

PLATFORM = "deezer"
RELEASES = 200
TRACKS = 5
ROWS_A_RELEASE = 1 + TRACKS + 2 * TRACKS  # the release, its tracks, two credits on each: profiles and lists not counted
START = datetime(2026, 1, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def barcode(number: int) -> str:
    """Make a valid 13-digit barcode."""
    bare = f"{400_000_000_000 + number:012}"
    weighed = sum(int(digit) * (1 if place % 2 == 0 else 3) for place, digit in enumerate(bare))
    return f"{bare}{(10 - weighed % 10) % 10}"


def look(batch: int, at: datetime) -> Told:
    """Say what one look at one profile's page says: everything about 200 releases."""
    page = str(1000 + batch)
    seen: list[ProfileSeen | ReleaseSeen | TrackSeen] = [
        ProfileSeen(page, f"Artist {batch}", url=f"https://example.org/artist/{page}", followers=batch)
    ]
    for number in range(batch * RELEASES, (batch + 1) * RELEASES):
        day = f"20{number % 20:02}-{number % 12 + 1:02}-{number % 28 + 1:02}"
        seen.append(
            ReleaseSeen(
                id=str(number),
                title=f"Release number {number}",
                url=f"https://example.org/album/{number}",
                kind="album",
                date=day,
                upc=barcode(number),
                track_count=TRACKS,
                explicit=False,
                listed_on=page,
            )
        )
        for position in range(1, TRACKS + 1):
            guest = str(5000 + (number * 7 + position) % 150)
            seen.append(
                TrackSeen(
                    id=f"{number}{position:02}",
                    title=f"Track {position} of {number}",
                    release_id=str(number),
                    position=position,
                    duration_ms=180_000 + number % 9000,
                    isrc=f"DEAB1{number % 100:02}{(number * 10 + position) % 100_000:05}",
                    credits=(
                        CreditSeen(f"Artist {batch}", page),
                        CreditSeen(f"Guest {guest}", guest, "featured"),
                    ),
                )
            )
    count = len(seen)
    return Told(
        Target(PLATFORM, Ask.RELEASES, page),
        tuple(seen),
        Coverage(Outcome.COMPLETE, pages=4, received=count, stop_reason="end of list", cost=4),
        at - MINUTE,
        at,
    )


class Flat:
    """The same look as ready rows, for the raw ways: nothing is left to clean, fold or look up for them."""

    def __init__(self, told: Told) -> None:
        """Lay the rows out."""
        page = told.target.subject
        self.profiles: dict[str, tuple[object, ...]] = {}
        self.releases: list[tuple[object, ...]] = []
        self.tracks: list[tuple[object, ...]] = []
        self.credits: list[tuple[object, ...]] = []
        self.listings: list[tuple[object, ...]] = []
        for o in told.observations:
            match o:
                case ProfileSeen():
                    self.profiles[o.id] = (PLATFORM, o.id, o.name, title_key(o.name), o.url, o.followers)
                case ReleaseSeen():
                    date = claimed_date(o.date or "")
                    self.releases.append(
                        (
                            *(PLATFORM, o.id, o.title, title_key(o.title), o.kind, o.date, date.precision, date.date),
                            *(o.upc, gtin14(o.upc), o.url, o.track_count, o.explicit),
                        )
                    )
                    self.listings.append((page, o.id))
                case TrackSeen():
                    self.tracks.append(
                        (
                            *(o.release_id, PLATFORM, o.id, o.title, title_key(o.title), o.position),
                            *(o.duration_ms, o.isrc, isrc(o.isrc)),
                        )
                    )
                    for position, credit in enumerate(o.credits or ()):
                        who = str(credit.profile_id)
                        name = credit.name
                        self.profiles.setdefault(who, (PLATFORM, who, name, title_key(name), None, None))
                        self.credits.append((o.release_id, o.id, who, credit.role, position, name))


PROFILE = ("platform", "platform_id", "name", "name_key", "url", "followers")
RELEASE = (
    *("platform", "platform_id", "title", "title_key", "kind", "date_raw", "date_precision", "date"),
    *("upc_raw", "gtin14", "url", "track_count", "explicit"),
)
TRACK = ("release", "platform", "platform_id", "title", "title_key", "position", "duration_ms", "isrc_raw", "isrc")
CREDIT = ("release", "track", "who", "role", "position", "name")
