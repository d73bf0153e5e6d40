"""Forgeries on pages of their own: the same name, a name alike, the artist's titles."""

from sandbox.made.catalogue import picture
from sandbox.planted import lookalikes
from sandbox.planted.playbook import attack
from sandbox.planted.stage import Lead, Song, Stage
from sandbox.world import DAY, EVERYWHERE, Act, Credit

SHORTER = 0.83


def fake_profile(stage: Stage, lead: Lead, name: str, latin: str = "", note: str = "") -> None:
    """Put up a profile with one to three releases within ten days, now and then with the official picture."""
    rng = stage.rng(lead)
    since = stage.moment(rng, 5)
    image = next(iter(page.image for page in lead.act.profiles.values()), "") or picture(-70_000 - lead.act.n)
    official = rng.random() < 0.4
    if official:
        stage.plan.faces[lead.act.n] = image
    look = stage.stranger(lead, rng)
    act = stage.extra(
        lead, name, since, look.platforms, fans=rng.randrange(3, 300), latin=latin, image=image if official else ""
    )
    made = [
        stage.release(lead, look, [Credit(act.n)], stage.songs(rng, lead, count), since + gap * DAY, kind=kind)
        for count, kind, gap in ((1, "single", 0.0), (1, "single", 1.5), (6, "album", 3.0))[: rng.choice((1, 2, 3, 3))]
    ]
    note = note or ("with the official picture" if official else "")
    stage.plant(lead, made, bound=[act], acts=[act], note=note)


@attack("B")
def same_name(stage: Stage, lead: Lead) -> None:
    """A new profile with exactly the artist's name."""
    fake_profile(stage, lead, lead.act.name)


@attack("C", "G7")
def homoglyph(stage: Stage, lead: Lead) -> None:
    """A new profile whose name differs in one letter that looks the same."""
    fake_profile(stage, lead, lookalikes.homoglyph(lead.act.name, stage.shape.rng("glyph", lead.m)))


@attack("C", "G7")
def punctuation(stage: Stage, lead: Lead) -> None:
    """A new profile whose name differs in dots, dashes and spaces only."""
    fake_profile(stage, lead, lookalikes.punctuated(lead.act.name, stage.shape.rng("dots", lead.m)))


@attack("C")
def typo(stage: Stage, lead: Lead) -> None:
    """A new profile whose name is misspelt."""
    fake_profile(stage, lead, lookalikes.typo(lead.act.name, stage.shape.rng("typo", lead.m)))


@attack("C")
def affix(stage: Stage, lead: Lead) -> None:
    """A new profile with something official-looking around the name."""
    fake_profile(stage, lead, lookalikes.affixed(lead.act.name, stage.shape.rng("affix", lead.m)))


@attack("C", "G8")
def transliteration(stage: Stage, lead: Lead) -> None:
    """A new profile with the name in another script."""
    name = lookalikes.other_script(lead.act.name, lead.act.latin)
    fake_profile(stage, lead, name, latin=lead.act.latin or lead.act.name)


@attack("D", "G9")
def alias_leak(stage: Stage, lead: Lead) -> None:
    """Unreleased songs under a nickname of the artist."""
    rng = stage.shape.rng("alias", lead.m)
    name = lead.act.aliases[0] if lead.act.aliases else lookalikes.nickname(lead.act.name, rng)
    stage.plan.nicknames[lead.act.n] = name
    fake_profile(stage, lead, name, note="the nickname is on the roster")


@attack("C", "G6")
def token_subset(stage: Stage, lead: Lead) -> None:
    """A profile with most of the name's words, and five of the artist's titles with the artist as their writer."""
    rng = stage.rng(lead)
    since = stage.moment(rng)
    act = stage.extra(lead, lookalikes.some_words(lead.act.name, rng), since, fans=900)
    originals = [track for release in lead.before(stage.start)[:6] for track in stage.tracks_of(release)][:5]
    songs = [Song(track.title, writers=(lead.act.name,)) for track in originals]
    look = stage.stranger(lead, rng, platforms=EVERYWHERE)
    release = stage.release(lead, look, [Credit(act.n)], songs, since, title=songs[0].title, kind="album")
    stage.plant(lead, [release], bound=[act], acts=[act], note="titles copied")


@attack("F", "G11")
def sped_up_pack(stage: Stage, lead: Lead) -> None:
    """Another profile puts up the artist's titles, all shorter by the same ratio."""
    rng = stage.rng(lead)
    since = stage.moment(rng)
    act = stage.extra(lead, f"{stage.title(rng, lead).split(' ')[0].lower()} nightcore", since, fans=150)
    tracks = [track for release in lead.before(stage.start)[-5:] for track in stage.tracks_of(release)][:8]
    songs = [Song(track.title, int(track.duration_ms * SHORTER), "Sped Up") for track in tracks]
    look = stage.stranger(lead, rng, platforms=EVERYWHERE)
    title = f"{lead.act.name} (Sped Up)"
    release = stage.release(lead, look, [Credit(act.n)], songs, since, title=title, kind="album")
    stage.plant(lead, [release], bound=[act], acts=[act], note=f"ratio {SHORTER} throughout")


@attack("B", "G16")
def split_ring(stage: Stage, lead: Lead) -> None:
    """Nine profiles for one made-up persona with the artist's name, one song each."""
    rng = stage.rng(lead)
    since, label = stage.moment(rng), stage.imprint(rng, lead)
    look = stage.stranger(lead, rng, label=label, p_owner=label, platforms=EVERYWHERE)
    acts: list[Act] = []
    made = []
    for place in range(9):
        when = since + place * 0.2 * DAY
        acts.append(stage.extra(lead, lead.act.name, when, fans=place))
        made.append(stage.release(lead, look, [Credit(acts[-1].n)], stage.songs(rng, lead, 1), when))
    stage.plant(lead, made, bound=acts, acts=acts, campaign=f"ring-{lead.m}")


@attack("I", "G14")
def dictionary_run(stage: Stage, lead: Lead) -> None:
    """Six one-song pages of one label on one day, named in the order of the alphabet, the artist's name among them."""
    rng = stage.rng(lead)
    since, label = stage.moment(rng), stage.imprint(rng, lead)
    look = stage.stranger(lead, rng, label=label, p_owner=label, platforms=EVERYWHERE)
    acts: list[Act] = []
    made = []
    for place, name in enumerate(lookalikes.neighbours(lead.act.name, stage.title(rng, lead), rng)):
        when = since + place * 0.02 * DAY
        acts.append(stage.extra(lead, name, when, fans=0))
        made.append(stage.release(lead, look, [Credit(acts[-1].n)], stage.songs(rng, lead, 1), when))
    note = "names in the order of a dictionary"
    stage.plant(lead, made, bound=acts, acts=acts, campaign=f"run-{lead.m}", note=note)


@attack("G", "G15")
def phantoms(stage: Stage, lead: Lead) -> None:
    """Stolen recordings under new titles, each by its own one-song nobody: same lengths, neighbouring codes."""
    rng = stage.rng(lead)
    since, label = stage.moment(rng), stage.imprint(rng, lead)
    look = stage.stranger(lead, rng, label=label, p_owner=label, platforms=EVERYWHERE)
    lengths = [track.duration_ms for release in lead.before(stage.start)[-3:] for track in stage.tracks_of(release)]
    acts, made = [], []
    for place, length in enumerate(lengths[:8]):
        when = since + place * 0.05 * DAY
        acts.append(stage.extra(lead, stage.person(rng, lead), when, fans=0))
        made.append(stage.release(lead, look, [Credit(acts[-1].n)], [Song(stage.title(rng, lead), length)], when))
    note = "no name is abused: only lengths and codes tell"
    stage.plant(lead, made, bound=acts, acts=acts, campaign=f"phantom-{lead.m}", note=note, seen=False)
