"""`falsetto db`: the store's schema."""

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
