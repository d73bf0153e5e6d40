"""`falsetto scan`: one look at a name, before anybody has a roster."""

from typing import Annotated

import typer


def scan(
    names: Annotated[list[str], typer.Argument(help="One or a few artists' names.")],
    json_: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Ask the enabled platforms once who goes by a name, and what on the official pages looks unlike the rest.

    Nothing is kept: the store is a temporary one.

    Example: falsetto scan "Ada Quill"
    """
    import json
    import tempfile
    from pathlib import Path

    from crawler.cli.faults import BadInput
    from crawler.cli.progress import showing
    from crawler.cli.surroundings import enabled, prepared
    from crawler.cli.terminal import plain, say, say_json
    from crawler.roster.scan import as_row
    from crawler.roster.scan import scan as look
    from crawler.worker.reactor import in_reactor
    from storage.database import open_database, upgrade

    if not all(name.strip() for name in names):
        raise BadInput("a name is empty")
    settings = prepared()
    platforms = enabled(settings, ())
    with tempfile.TemporaryDirectory() as folder, showing() as progress:
        url = f"sqlite:///{Path(folder) / 'scan.db'}"
        upgrade(url)
        engine = open_database(url)
        wanted = list(dict.fromkeys(name.strip() for name in names))
        found = in_reactor(lambda stops: look(wanted, settings, engine, platforms, stops, progress))
        engine.dispose()
    if json_:
        say_json([as_row(one) for one in found])
        return
    for one in found:
        say(plain(f"{one.name}: {len(one.pages)} pages go by the name or nearly"))
        for entry in one.references:
            say(plain(f"  reference: {entry}"))
        for page in one.pages:
            fans = f", {page.followers:,} followers" if page.followers is not None else ""
            why = f" ({page.why})" if page.why else ""
            say(plain(f"  {page.platform:<12} {page.standing:<14} {page.name}{fans}  {page.url or page.id}{why}"))
        if one.unlike:
            say("  most unlike the rest of the official pages:")
        for row in one.unlike:
            say(plain(f"    {row.bits:+7.2f}  {row.title}"))
            fired = [part for part in json.loads(row.evidence) if part["state"] == "fired" and part["bits"] > 0]
            for part in sorted(fired, key=lambda part: -part["bits"])[:2]:
                say(plain(f"              {part['bits']:+6.2f}  {part['reason']} {part['because']}"))
        for what in one.unseen:
            say(plain(f"  not seen: {what}"))
