"""`falsetto db`: the store's schema."""

from typing import Annotated

import typer

app = typer.Typer(help="The store: bring its schema up to date, or check it.", no_args_is_help=True)


@app.command()
def upgrade() -> None:
    """Bring the store's schema up to date; safe to run again.

    Example: FALSETTO_DATABASE_URL=postgresql://falsetto@db/falsetto falsetto db upgrade
    """
    from crawler.cli.surroundings import prepared
    from crawler.cli.terminal import say
    from storage import database

    database.upgrade(prepared().database_url.get_secret_value())
    say("the store is up to date")


@app.command()
def check() -> None:
    """Check that the store can be reached, and that its tables and views are what this version needs.

    Every difference is told in a line of its own. Example: falsetto db check
    """
    from crawler.cli.faults import CANT_RUN
    from crawler.cli.surroundings import prepared, reading
    from crawler.cli.terminal import plain, say
    from storage.differences import differences

    with reading(prepared()) as engine:
        found = differences(engine)
    for sentence in found:
        say(plain(sentence))
    if found:
        typer.echo(f"falsetto: the store differs from what this version needs in {len(found)} places", err=True)
        raise typer.Exit(CANT_RUN)
    say("the store is reachable and up to date")


@app.command()
def reader(
    login: Annotated[str, typer.Option(help="Also let this person log in, with the rights of the role.")] = "",
) -> None:
    """Make the role falsetto_reader, which reads the analysts' views and nothing else; safe to run again.

    No password is set or shown: its holder sets one with \\password in psql. Example: falsetto db reader --login ana
    """
    import re

    from crawler.cli.faults import BadInput, CantRun
    from crawler.cli.surroundings import prepared, store
    from crawler.cli.terminal import plain, say
    from storage.database import writing
    from storage.views import READER, Unfit, make_reader

    if login and not re.fullmatch(r"[a-z_][a-z0-9_-]{0,62}", login):
        raise BadInput("--login: small letters, digits, - and _ were expected")
    with store(prepared()) as engine:
        if engine.dialect.name != "postgresql":
            raise CantRun("SQLite knows no roles: who may read the file reads the store; falsetto sql only reads")
        try:
            with writing(engine) as connection:
                made = make_reader(connection, login)
        except Unfit as fault:
            raise BadInput(f"--login: {fault}") from None
    say(plain(f"made {', '.join(made)}" if made else "the role was there"))
    say(f"{READER} reads the views and nothing else")
    if login:
        say(plain(f"{login} has no password yet, if it is new: set one in psql with \\password {login}"))
