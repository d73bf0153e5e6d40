"""The planted attacks: each takes the stage and one or several monitored artists.

The classes are those of the field: a release bound to a real profile, a same-named or look-alike profile,
an abused guest credit, titles ridden, an estate abused, and what follows a takedown.
"""

from dataclasses import replace

from sandbox.made import names
from sandbox.made.catalogue import picture
from sandbox.made.people import day_text
from sandbox.planted import lookalikes
from sandbox.planted.stage import Lead, Song, Stage
from sandbox.world import DAY, Act, Credit, Hidden, Track


def profile_hijack(stage: Stage, lead: Lead) -> None:
    """Two releases by a stranger on the real page, the label line forged to be the artist."""
    rng = stage.rng(lead, "hijack")
    since = stage.moment(rng)
    made = [
        stage.release(
            lead, 15, [Credit(lead.act.n)], stage.songs(rng, count), since + gap * DAY, kind=kind, label=lead.act.name
        )
        for count, kind, gap in ((9, "album", 0), (1, "single", 2.5))
    ]
    stage.plant("profile_hijack", lead, made, bound=[lead.act], scenario="G2", note="forged self-label")


def back_dated(stage: Stage, lead: Lead) -> None:
    """A release that claims to be years old appears in the middle of the catalogue."""
    rng = stage.rng(lead, "back-dated")
    since = stage.moment(rng)
    date = f"{rng.randrange(2008, 2020)}-0{rng.randrange(1, 10)}-1{rng.randrange(10)}"
    release = stage.release(lead, 15, [Credit(lead.act.n)], stage.songs(rng, 2), since, date=date, label=filler(lead))
    stage.plant("back_dated", lead, [release], bound=[lead.act], scenario="G12")


def filler(lead: Lead) -> str:
    """Give a distributor's filler for a label."""
    return f"{2_000_000 + lead.m * 7817 % 7_000_000} Records DK"


def same_name(stage: Stage, lead: Lead) -> None:
    """A new profile with exactly the artist's name."""
    rng = stage.rng(lead, "same-name")
    fake_profile(stage, lead, "same_name", lead.act.name, "B", stage.moment(rng))


def homoglyph(stage: Stage, lead: Lead) -> None:
    """A new profile whose name differs in one letter that looks the same."""
    rng = stage.rng(lead, "homoglyph")
    fake_profile(stage, lead, "homoglyph", lookalikes.homoglyph(lead.act.name, rng), "G7", stage.moment(rng))


def typo(stage: Stage, lead: Lead) -> None:
    """A new profile whose name is misspelt."""
    rng = stage.rng(lead, "typo")
    fake_profile(stage, lead, "typo", lookalikes.typo(lead.act.name, rng), "C", stage.moment(rng))


def affix(stage: Stage, lead: Lead) -> None:
    """A new profile with something official-looking around the name."""
    rng = stage.rng(lead, "affix")
    fake_profile(stage, lead, "affix", lookalikes.affixed(lead.act.name, rng), "C", stage.moment(rng))


def alias_leak(stage: Stage, lead: Lead) -> None:
    """Unreleased songs under a nickname of the artist."""
    rng = stage.rng(lead, "alias")
    name = lead.act.aliases[0] if lead.act.aliases else names.nickname(lead.act.name, rng)
    stage.plan.nicknames[lead.act.n] = name
    fake_profile(stage, lead, "alias_leak", name, "G9", stage.moment(rng))


def transliteration(stage: Stage, lead: Lead) -> None:
    """A new profile with the name in another script."""
    rng = stage.rng(lead, "script")
    name = lookalikes.other_script(lead.act.name, lead.act.latin)
    fake_profile(stage, lead, "transliteration", name, "G8", stage.moment(rng), latin=lead.act.latin or lead.act.name)


def fake_profile(stage: Stage, lead: Lead, kind: str, name: str, scenario: str, since: float, latin: str = "") -> None:
    """Put up a profile with three releases within ten days."""
    rng = stage.rng(lead, kind)
    act = stage.extra(lead, 0, name, since, fans=rng.randrange(3, 300), latin=latin)
    owner = names.label_name(rng)
    made = [
        stage.release(lead, 0, [Credit(act.n)], stage.songs(rng, count), since + gap * DAY, kind=kind_, label=owner)
        for count, kind_, gap in ((1, "single", 0.0), (1, "single", 1.5), (6, "album", 3.0))
    ]
    stage.plant(kind, lead, made, bound=[act], acts=[act], scenario=scenario)


def token_subset(stage: Stage, lead: Lead) -> None:
    """A profile with most of the name's words, and five of the artist's titles with the artist as their writer."""
    rng = stage.rng(lead, "subset")
    since = stage.moment(rng)
    act = stage.extra(lead, 0, lookalikes.some_words(lead.act.name, rng), since, fans=900)
    originals = [track for release in lead.before(stage.start)[:6] for track in stage.tracks_of(release)][:5]
    songs = [Song(track.title, writers=(lead.act.name,)) for track in originals] or stage.songs(rng, 5)
    release = stage.release(lead, 0, [Credit(act.n)], songs, since, title=songs[0].title, kind="album")
    stage.plant("token_subset", lead, [release], bound=[act], acts=[act], scenario="G6", note="five titles copied")


def stranger_feat(stage: Stage, lead: Lead) -> None:
    """An unknown main artist names the artist as guest, on the sleeve and on a track only."""
    rng = stage.rng(lead, "feat")
    since = stage.moment(rng)
    stranger = stage.extra(lead, 0, names.person(rng), since, fans=11)
    title = names.title(rng)
    loud = stage.release(
        lead,
        0,
        [Credit(stranger.n), Credit(lead.act.n, "featured")],
        [Song(title)],
        since,
        title=f"{title} (feat. {lead.act.name})",
    )
    quiet = stage.release(
        lead,
        0,
        [Credit(stranger.n), Credit(lead.act.n, "guest")],
        stage.songs(rng, 1),
        since + 3 * DAY,
        title=names.title(rng),
    )
    stage.plant("stranger_feat", lead, [loud, quiet], bound=[lead.act], acts=[stranger], scenario="G10")


def fabricated_collab(stage: Stage, first: Lead, second: Lead) -> None:
    """Two victims who never met are both credited on one release."""
    rng = stage.rng(first, "collab")
    credits = [Credit(first.act.n), Credit(second.act.n)]
    release = stage.release(first, 15, credits, stage.songs(rng, 1), stage.moment(rng), label=filler(first))
    for lead in (first, second):
        stage.plant(
            "fabricated_collab", lead, [release], bound=[lead.act], scenario="G10", campaign=f"collab-{first.m}"
        )


def wave(stage: Stage, *leads: Lead) -> None:
    """One operator hits many artists within a day and a half: same label, same cover, neighbouring codes."""
    rng = stage.rng(leads[0], "wave")
    since, label, cover = stage.moment(rng), names.label_name(rng), picture(-leads[0].m - 1)
    for place, lead in enumerate(leads):
        when = since + place * 0.25 * DAY
        release = stage.release(
            lead, 14, [Credit(lead.act.n)], [Song(names.word(rng, 2).capitalize())], when,
            label=label, cover=cover, uploader=leads[0].m,
        )  # fmt: skip
        stage.plant("wave", lead, [release], bound=[lead.act], scenario="G4", campaign=f"wave-{leads[0].m}")


def dormant_break(stage: Stage, lead: Lead) -> None:
    """Something new by somebody who died years ago, under a line that never was there."""
    rng = stage.rng(lead, "dormant")
    retire(stage, lead)
    release = stage.release(
        lead, 15, [Credit(lead.act.n)], stage.songs(rng, 1), stage.moment(rng), owner="Syntactic Slip"
    )
    stage.plant("dormant_break", lead, [release], bound=[lead.act], scenario="G1", note="the artist died in 2015")


def retire(stage: Stage, lead: Lead) -> None:
    """Let an artist's own releases end in 2015, the year of death."""
    for release in lead.releases:
        if release.date[:4] > "2015":
            stage.revise(release, on={})
    stage.plan.passed[lead.act.n] = "2015-04-11"


def sped_up_pack(stage: Stage, lead: Lead) -> None:
    """Another profile puts up the artist's titles, all shorter by the same ratio."""
    rng = stage.rng(lead, "sped")
    since = stage.moment(rng)
    act = stage.extra(lead, 0, f"{names.word(rng, 2)} nightcore", since, fans=150)
    tracks = [track for release in lead.before(stage.start)[-5:] for track in stage.tracks_of(release)][:8]
    songs = [Song(track.title, int(track.duration_ms * 0.83), "Sped Up") for track in tracks] or stage.songs(rng, 4)
    title = f"{lead.act.name} (Sped Up)"
    release = stage.release(lead, 0, [Credit(act.n)], songs, since, title=title, kind="album")
    stage.plant("sped_up_pack", lead, [release], bound=[act], acts=[act], scenario="G11", note="ratio 0.83 throughout")


def ghost_writer(stage: Stage, *leads: Lead) -> None:
    """The same unknown writer stands behind new releases on several real pages."""
    rng = stage.rng(leads[0], "ghost")
    since, ghost = stage.moment(rng), names.person(rng)
    for place, lead in enumerate(leads):
        songs = [Song(names.title(rng), writers=(ghost,)) for _ in range(2)]
        release = stage.release(lead, 13, [Credit(lead.act.n)], songs, since + place * DAY, owner=names.label_name(rng))
        note = f"writer {ghost}"
        stage.plant(
            "ghost_writer", lead, [release], bound=[lead.act], scenario="G5", campaign=f"ghost-{leads[0].m}", note=note
        )


def move_after_takedown(stage: Stage, lead: Lead) -> None:
    """A fake leaves the real page and goes on under a same-named one; a copy of it is uploaded again."""
    rng = stage.rng(lead, "move")
    since = stage.moment(rng, 1, 6)
    act = stage.extra(lead, 0, lead.act.name, since + 4 * DAY, fans=20)
    credits = [Credit(lead.act.n, until=since + 4 * DAY), Credit(act.n, since=since + 4.5 * DAY)]
    songs = stage.songs(rng, 2)
    first = stage.release(lead, 15, credits, songs, since, owner=names.label_name(rng))
    again = [Song(track.title, track.duration_ms, isrc=track.isrc) for track in stage.plan.tracks[first.n]]
    second = stage.release(lead, 15, [Credit(lead.act.n)], again, since + 9 * DAY, title=first.title, cover=first.cover)
    note = "unlinked after four days, then under another profile, then uploaded again"
    stage.plant(
        "move_after_takedown", lead, [first, second], bound=[lead.act, act], acts=[act], scenario="G13", note=note
    )


def geo_hide(stage: Stage, lead: Lead) -> None:
    """A fake on the real page disappears from some markets only."""
    rng = stage.rng(lead, "geo")
    since = stage.moment(rng, 1, 8)
    release = stage.release(lead, 15, [Credit(lead.act.n)], stage.songs(rng, 1), since, owner=names.label_name(rng))
    hidden = tuple(Hidden(market, since + 5 * DAY) for market in ("US", "GB", "CA"))
    on = {platform: replace(entry, hidden=hidden) for platform, entry in release.on.items()}
    release = stage.plan.releases[release.n] = replace(release, on=on)
    stage.plant(
        "geo_hide", lead, [release], bound=[lead.act], scenario="G13", note="hidden in US, GB, CA after five days"
    )


def taken_down(stage: Stage, lead: Lead) -> None:
    """A fake on the real page that is removed for good after six days."""
    rng = stage.rng(lead, "down")
    since = stage.moment(rng, 1, 8)
    release = stage.release(lead, 15, [Credit(lead.act.n)], stage.songs(rng, 1), since, owner=names.label_name(rng))
    stage.plant("taken_down", lead, [stage.until(release, since + 6 * DAY)], bound=[lead.act], scenario="G13")


def track_swap(stage: Stage, lead: Lead) -> None:
    """A stranger's track appears inside one of the artist's real releases."""
    rng = stage.rng(lead, "swap")
    since = stage.moment(rng)
    stranger = stage.extra(lead, 0, names.person(rng), since, fans=5)
    host = max(lead.before(stage.start), key=lambda release: (release.track_count, release.n))
    block, place = stage.registrant(lead.m)
    real = stage.tracks_of(host)
    serial = 40
    added = Track(
        position=len(real) + 1, title=names.title(rng), isrc=stage.shape.registrants.isrc(block, place, 2026, serial),
        duration_ms=131_000, credits=(Credit(lead.act.n), Credit(stranger.n, "featured")),
        ids=stage.track_ids(host, len(real) + 1), writers=(stranger.name,), since=since,
    )  # fmt: skip
    host = stage.revise(host, [*real, added], tracks_vary=True)
    note = f"track {added.position} was added {day_text(since)}"
    stage.plant("track_swap", lead, [host], bound=[lead.act], scenario="G17", since=since, note=note)


def split_ring(stage: Stage, lead: Lead) -> None:
    """Nine profiles for one made-up persona with the artist's name, one song each."""
    rng = stage.rng(lead, "ring")
    since, owner = stage.moment(rng), names.label_name(rng)
    acts: list[Act] = []
    made = []
    for j in range(9):
        acts.append(stage.extra(lead, j, lead.act.name, since + j * 0.2 * DAY, fans=j))
        song = stage.songs(rng, 1)
        made.append(stage.release(lead, j, [Credit(acts[-1].n)], song, since + j * 0.2 * DAY, label=owner))
    stage.plant("split_ring", lead, made, bound=acts, acts=acts, scenario="G16", campaign=f"ring-{lead.m}")


def phantoms(stage: Stage, lead: Lead) -> None:
    """Stolen recordings under new titles, each by its own one-song nobody: same lengths, neighbouring codes."""
    rng = stage.rng(lead, "phantom")
    since, owner = stage.moment(rng), names.label_name(rng)
    lengths = [track.duration_ms for release in lead.before(stage.start)[-3:] for track in stage.tracks_of(release)]
    acts, made = [], []
    for j, length in enumerate(lengths[:8]):
        acts.append(stage.extra(lead, j, names.person(rng), since, fans=0))
        song = Song(names.title(rng), length)
        made.append(stage.release(lead, j, [Credit(acts[-1].n)], [song], since + j * 0.05 * DAY, label=owner))
    note = "no name is abused: only lengths and codes tell"
    stage.plant("phantoms", lead, made, bound=acts, acts=acts, scenario="G15", campaign=f"phantom-{lead.m}", note=note)


def voice_clone(stage: Stage, lead: Lead) -> None:
    """A voice alike under a name of its own: metadata cannot show it, so nothing may be reported."""
    rng = stage.rng(lead, "voice")
    act = stage.extra(lead, 0, names.person(rng), stage.moment(rng), fans=90_000)
    release = stage.release(lead, 0, [Credit(act.n)], stage.songs(rng, 1), act.profiles["deezer"].since)
    stage.plant("voice_clone", lead, [release], bound=[act], acts=[act], scenario="G19", note="invisible in metadata")
