"""`falsetto digest`: what is new, what changed, what waits, and where we are blind, on one page."""

from typing import Annotated

import typer

FORMATS = ("text", "html")


def digest(
    since: Annotated[str, typer.Option(help="How far back: 12h, 1d, 7d.")] = "1d",
    format_: Annotated[str, typer.Option("--format", help="text or html")] = "text",
    json_: Annotated[bool, typer.Option("--json", help="The page as one JSON object.")] = False,
) -> None:
    """Print the page that a daily alert sends: new, changed and waiting cases, late answers, troubles, blind spots.

    Example: falsetto digest --since 7d
    """
    from crawler.alerts import digest as pages
    from crawler.cli.faults import BadInput
    from crawler.cli.spans import read_span
    from crawler.cli.surroundings import prepared, reading
    from crawler.cli.terminal import plain, say, say_json

    span = read_span(since)
    if format_ not in FORMATS:
        raise BadInput(f"--format: {', '.join(FORMATS)} were expected, got {format_!r}")
    settings = prepared()
    at = settings.clock().now()
    with reading(settings) as engine, engine.connect() as connection:
        page = pages.read(connection, at, at - span, enabled=settings.platforms)
    if json_:
        say_json([page.as_row()])
    elif format_ == "html":
        say(pages.as_html(page))
    else:
        say(pages.as_text(page, plain))
