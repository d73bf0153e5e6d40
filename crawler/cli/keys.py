"""`falsetto keys`: who may ask `falsetto serve`."""

from typing import Annotated

import typer

app = typer.Typer(help="Keys for the HTTP API: create, list, revoke.", no_args_is_help=True)

LONGEST_NAME = 100


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Who uses it; verdicts given with it bear this name.")],
    role: Annotated[
        str, typer.Option(help="read, decide (also verdicts), admin (also the audit); feed: the Atom feed only")
    ] = "read",
    detector: Annotated[
        bool, typer.Option("--detector", help="A detection system: its verdicts move scores and decide nothing.")
    ] = False,
) -> None:
    """Create a key and show it, this once: the store keeps only its hash.

    Example: falsetto keys create "Detector 7" --role decide --detector
    """
    from datetime import UTC, datetime

    from crawler.cli.faults import BadInput
    from crawler.cli.surroundings import prepared, store
    from crawler.cli.terminal import say
    from storage import audit, keys
    from storage.database import writing
    from storage.normalize import clean_text

    name, at = name.strip(), datetime.now(UTC)
    if not name or clean_text(name, LONGEST_NAME)[1] or not name.isprintable() or name == audit.COMMAND_LINE:
        raise BadInput(f"a name in plain text of at most {LONGEST_NAME} characters was expected, got {name!r}")
    if role not in keys.ROLES:
        raise BadInput(f"--role: {', '.join(keys.ROLES)} were expected, got {role!r}")
    if detector and role == "admin":
        raise BadInput("--detector: a detection system is given the role read or decide")
    with store(prepared()) as engine, writing(engine) as connection:
        try:
            key = keys.create(connection, name, role, at, detector=detector)
        except keys.NameTaken as taken:
            raise BadInput(str(taken)) from None
        audit.note(
            connection, audit.COMMAND_LINE, "key created", name, at, f"{role}, a detection system" if detector else role
        )
    say(key)


@app.command("list")
def list_(json_: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False) -> None:
    """List the keys that are and were, without their secrets.

    Example: falsetto keys list
    """
    from crawler.cli.surroundings import prepared, reading
    from crawler.cli.terminal import plain, say, say_json
    from storage import keys

    with reading(prepared()) as engine, engine.connect() as connection:
        rows = list(keys.listed(connection))
    if json_:
        say_json(rows)
        return
    for row in rows:
        ended = f", revoked {row['revoked_at']:%Y-%m-%d}" if row["revoked_at"] else ""
        what = ", a detection system" if row["detector"] else ""
        made = f"created {row['created_at']:%Y-%m-%d}"
        say(plain(f"{row['role']:<6} {row['name']}{what} ({row['public_id']}), {made}{ended}"))
    if not rows:
        say("no key yet; see falsetto keys create --help")


@app.command()
def revoke(name: Annotated[str, typer.Argument(help="The key's name.")]) -> None:
    """Revoke a key: from the next request on it is refused, for good.

    Example: falsetto keys revoke "Detection team"
    """
    from datetime import UTC, datetime

    from crawler.cli.faults import BadInput
    from crawler.cli.surroundings import prepared, store
    from crawler.cli.terminal import plain, say
    from storage import audit, keys
    from storage.database import writing

    name, at = name.strip(), datetime.now(UTC)
    with store(prepared()) as engine, writing(engine) as connection:
        try:
            keys.revoke(connection, name, at)
        except keys.NoSuchKey as missing:
            raise BadInput(str(missing)) from None
        audit.note(connection, audit.COMMAND_LINE, "key revoked", name, at)
    say(plain(f"{name}: revoked"))
