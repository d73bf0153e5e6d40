"""`falsetto feed endpoints`: where candidates are pushed to."""

from typing import Annotated, Any

import typer

from crawler.cli.faults import LARGEST

app = typer.Typer(
    help="Endpoints that candidates are pushed to: add, list, remove, rotate, replay, dead.", no_args_is_help=True
)

Name = Annotated[str, typer.Argument(help="The endpoint's name.")]
LONGEST_NAME = 100


@app.command()
def add(
    name: Name,
    url: Annotated[str, typer.Argument(help="Where to push: https, or a host that the settings allow.")],
    platform: Annotated[list[str] | None, typer.Option(help="Only cases on these platforms.")] = None,
    kind: Annotated[list[str] | None, typer.Option(help="Only release, profile, disappearance, tampering.")] = None,
    status: Annotated[list[str] | None, typer.Option(help="Only cases of this status.")] = None,
    artist: Annotated[list[str] | None, typer.Option(help="Only this monitored artist, by key or name.")] = None,
    least_score: Annotated[float, typer.Option(min=0, max=1, help="Only cases of at least this score.")] = 0.0,
    since: Annotated[
        int | None, typer.Option(min=0, max=LARGEST, help="Also what came after this cursor; default: only what comes.")
    ] = None,
) -> None:
    """Add an endpoint and show its secret, this once. What was pushed is followed to its end, whatever the filters.

    Example: falsetto feed endpoints add detector https://detector.example/hook --platform spotify --least-score 0.2
    """
    from datetime import UTC, datetime

    from crawler.cli.faults import BadInput
    from crawler.cli.surroundings import prepared, store
    from crawler.cli.terminal import say
    from crawler.feed.push import addresses, signing
    from crawler.feed.push.deliverer import Terms
    from spiders.base.platform import platform_names
    from storage import audit, endpoints, outbox
    from storage.database import writing
    from storage.normalize import clean_text

    settings = prepared()
    key = _key(settings)
    name, at = name.strip(), datetime.now(UTC)
    if not name or clean_text(name, LONGEST_NAME)[1] or not name.isprintable():
        raise BadInput(f"a name in plain text of at most {LONGEST_NAME} characters was expected, got {name!r}")
    try:
        addresses.check_url(url, Terms.of(settings).allowed)
    except addresses.Forbidden as fault:
        raise BadInput(f"{name}: {fault}") from None
    given = {"platforms": platform, "kinds": kind, "statuses": status, "artists": artist}
    filters: dict[str, Any] = {word: sorted(set(values)) for word, values in given.items() if values}
    _known("--platform", filters.get("platforms", ()), platform_names())
    _known("--kind", filters.get("kinds", ()), ("release", "profile", "disappearance", "tampering"))
    _known("--status", filters.get("statuses", ()), STATUSES)
    if least_score:
        filters["least_score"] = least_score
    with store(settings) as engine, writing(engine) as connection:
        after = outbox.newest(connection) if since is None else since
        try:
            salt = endpoints.add(connection, name, url, filters, signing.key_check(key), after, at)
        except endpoints.NameTaken as taken:
            raise BadInput(str(taken)) from None
        audit.note(connection, audit.COMMAND_LINE, "endpoint added", name, at)
    say(signing.secret(key, salt))


STATUSES = ("open", "watching", "confirmed", "cleared", "takedown_requested", "gone", "returned", "merged")


@app.command("list")
def list_(json_: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False) -> None:
    """List the endpoints: what each wants, what waits for it, and what is the matter with it.

    Example: falsetto feed endpoints list
    """
    from datetime import UTC, datetime

    from crawler.cli.surroundings import prepared, reading
    from crawler.cli.terminal import plain, say, say_json
    from storage import deliveries, endpoints

    at = datetime.now(UTC)
    with reading(prepared()) as engine, engine.connect() as connection:
        rows = [(one, deliveries.counts(connection, one.id)) for one in endpoints.listed(connection, at)]
    if json_:
        keys = ("name", "url", "filters", "position", "failures", "paused_until", "disabled_because")
        say_json({key: getattr(one, key) for key in keys} | counts for one, counts in rows)
        return
    for one, counts in rows:
        state = f"disabled: {one.disabled_because}" if one.disabled_because else "live"
        if one.failures and not one.disabled_because:
            state = f"{one.failures} failures, paused until {one.paused_until:%Y-%m-%d %H:%M} UTC"
        numbers = ", ".join(f"{count} {what}" for what, count in counts.items())
        filters = "; ".join(f"{word} {value}" for word, value in one.filters.items()) or "everything"
        say(plain(f"{one.name} {one.url} ({filters}): {numbers}; {state}"))
    if not rows:
        say("no endpoint yet; see falsetto feed endpoints add --help")


@app.command()
def remove(name: Name) -> None:
    """Remove an endpoint, and what waits for it.

    Example: falsetto feed endpoints remove detector
    """
    from storage import endpoints

    _change("endpoint removed", name, lambda connection, at: endpoints.remove(connection, name))


@app.command()
def rotate(name: Name) -> None:
    """Give an endpoint a new secret and show it, this once; for 24 hours both secrets sign.

    Example: falsetto feed endpoints rotate detector
    """
    from crawler.cli.surroundings import prepared
    from crawler.cli.terminal import say
    from crawler.feed.push import signing
    from storage import endpoints

    key = _key(prepared())
    check = signing.key_check(key)
    salt = _change("endpoint rotated", name, lambda connection, at: endpoints.rotate(connection, name, check, at))
    say(signing.secret(key, salt))


@app.command()
def replay(
    name: Name,
    since: Annotated[
        int | None, typer.Option(min=0, max=LARGEST, help="All after this cursor; default: only the dead ones.")
    ] = None,
) -> None:
    """Push again, under the same ids, what was given up or what came after a cursor; also enables the endpoint.

    Example: falsetto feed endpoints replay detector --since 1204
    """
    from crawler.cli.terminal import plain, say
    from storage import deliveries, endpoints

    def again(connection: Any, at: Any) -> int:
        one = endpoints.named(connection, name, at)
        endpoints.enable(connection, one.id)
        return deliveries.replay(connection, one.id, at, after=since)

    count = _change("endpoint replayed", name, again)
    say(plain(f"{name}: {count} messages are pushed again"))


@app.command()
def dead(name: Name, json_: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False) -> None:
    """List the messages that were given up, with their last error.

    Example: falsetto feed endpoints dead detector
    """
    from datetime import UTC, datetime

    from crawler.cli.faults import BadInput
    from crawler.cli.surroundings import prepared, reading
    from crawler.cli.terminal import plain, say, say_json
    from storage import deliveries, endpoints

    with reading(prepared()) as engine, engine.connect() as connection:
        try:
            rows = list(deliveries.dead(connection, endpoints.named(connection, name, datetime.now(UTC)).id))
        except endpoints.NoSuchEndpoint as missing:
            raise BadInput(str(missing)) from None
    if json_:
        say_json(rows)
        return
    for row in rows:
        say(plain(f"{row['position']:>8}  {row['message']}: {row['tries']} tries, {row['error']}"))
    if not rows:
        say("none was given up")


def _change(action: str, name: str, work: Any) -> Any:
    from datetime import UTC, datetime

    from crawler.cli.faults import BadInput
    from crawler.cli.surroundings import prepared, store
    from storage import audit, endpoints
    from storage.database import writing

    at = datetime.now(UTC)
    with store(prepared()) as engine, writing(engine) as connection:
        try:
            done = work(connection, at)
        except endpoints.NoSuchEndpoint as missing:
            raise BadInput(str(missing)) from None
        audit.note(connection, audit.COMMAND_LINE, action, name, at)
    return done


def _key(settings: Any) -> str:
    from crawler.cli.faults import CantRun

    key: str = settings.signing_key.get_secret_value()
    if not key:
        raise CantRun("FALSETTO_SIGNING_KEY is empty: endpoints' secrets are made from it (openssl rand -hex 32)")
    return key


def _known(option: str, given: Any, known: Any) -> None:
    from crawler.cli.faults import BadInput

    for one in given:
        if one not in known:
            raise BadInput(f"{option}: {', '.join(sorted(known))} were expected, got {one!r}")
