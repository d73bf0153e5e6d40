"""What report forms ask, per platform and ground: as their help pages said when somebody last looked.

Forms change: each says on which ground it stands, and what nobody found is said to be unknown. Pure.
"""

from dataclasses import dataclass

WRONG_PAGE, COPYRIGHT, IMPERSONATION, LIKENESS = GROUNDS = ("wrong-page", "copyright", "impersonation", "likeness")
GROUND_SAYS = {
    WRONG_PAGE: "a release stands on the page of an artist who did not make it",
    COPYRIGHT: "a recording, composition or picture is used without the right to it",
    IMPERSONATION: "a page or release passes itself off as the artist",
    LIKENESS: "the artist's voice, name or picture is imitated or used",
}
FIRST_HAND, SECOND_HAND, NOT_FOUND = "the platform's own help page", "others' accounts", "nobody found the form"


@dataclass(frozen=True, slots=True)
class Form:
    """One way to report."""

    where: str
    asks: tuple[str, ...]  # names of fields, in the form's order
    source: str
    notes: tuple[str, ...] = ()


# Fields that only a person can fill in are marked in fields.py; sworn statements are never written for anybody.
DMCA = (
    *("work", "items", "reporter_name", "reporter_address", "reporter_phone", "reporter_email", "role"),
    *("sworn_good_faith", "sworn_accuracy", "signature"),
)
NOTICE = ("explanation", "items", "reporter_name", "reporter_email", "bona_fide")  # Art. 16 of the EU's DSA
PAGE = ("artist", "own_pages", "items", "explanation", "evidence", "reporter_name", "reporter_email", "role")
LIKE = ("artist", "items", "explanation", "evidence", "reporter_name", "reporter_email", "role", "signature")

ANY = {
    WRONG_PAGE: Form("the platform's support or artist page", PAGE, NOT_FOUND),
    COPYRIGHT: Form("the platform's copyright form or designated agent", DMCA, NOT_FOUND),
    IMPERSONATION: Form("the platform's form for illegal content", NOTICE, NOT_FOUND),
    LIKENESS: Form("the platform's form for illegal content or privacy", LIKE, NOT_FOUND),
}
FORMS: dict[tuple[str, str], Form] = {
    ("spotify", WRONG_PAGE): Form(
        "Spotify for Artists: Music, Upcoming, Report incorrect release (before the release); else the content form",
        PAGE,
        SECOND_HAND,
        ("the way through Spotify for Artists is open only to whoever administers the artist's page",),
    ),
    ("spotify", COPYRIGHT): Form(
        "Spotify's form for intellectual property, which is apart from that for its rules",
        DMCA,
        FIRST_HAND,
        ("anyone with an e-mail address may report; abuse of the form restricts the reporter",),
    ),
    ("spotify", IMPERSONATION): Form(
        "Spotify's form for violations of its rules", NOTICE, FIRST_HAND, ("abuse of the form restricts the reporter",)
    ),
    ("itunes", WRONG_PAGE): Form(
        "Apple's content dispute form, by the rights holder or an agent", PAGE, SECOND_HAND, ("acts in 3 to 5 days",)
    ),
    ("itunes", COPYRIGHT): Form(
        "Apple's content dispute form, by the rights holder or an agent", DMCA, SECOND_HAND, ("acts in 3 to 5 days",)
    ),
    ("deezer", COPYRIGHT): Form("Deezer's general support form", DMCA, SECOND_HAND, ("acts in 1 to 3 days",)),
    ("deezer", WRONG_PAGE): Form("Deezer's general support form", PAGE, SECOND_HAND),
    ("soundcloud", IMPERSONATION): Form(
        "SoundCloud's impersonation form",
        ("own_pages", "items", "explanation"),
        FIRST_HAND,
        (
            "the same name alone is no impersonation",
            "reporting what you do not own counts as abuse, and may make you liable",
        ),
    ),
    ("youtube", COPYRIGHT): Form(
        "YouTube's copyright form", DMCA, FIRST_HAND, ("an address for each item is asked: a channel is not enough",)
    ),
    ("youtube", LIKENESS): Form(
        "YouTube's privacy form: voice and likeness go there, not to copyright",
        LIKE,
        FIRST_HAND,
        ("an address for each item is asked: a channel is not enough",),
    ),
    ("distributor", WRONG_PAGE): Form(
        "the distributor that delivered it",
        ("work", "artist", "items", "reporter_email"),
        FIRST_HAND,
        ("a distributor acts only on what it delivers itself",),
    ),
    ("distributor", COPYRIGHT): Form(
        "the distributor that delivered it", DMCA, FIRST_HAND, ("a distributor acts only on what it delivers itself",)
    ),
}


def form_for(platform: str, ground: str) -> Form:
    """Return what is asked; where nobody found a form, what such forms ask as a rule."""
    return FORMS.get((platform, ground), ANY[ground])
