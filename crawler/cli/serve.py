"""`falsetto serve`: the console and the HTTP API."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import socket


def serve(
    host: Annotated[str, typer.Option(help="Where to listen; beyond loopback only when there are keys.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free one.")] = 8420,
) -> None:
    """Serve the console's pages and the HTTP API: candidates, cases, coverage, verdicts; every reader needs a key.

    Example: falsetto keys create "Detection team" && falsetto serve
    """
    import signal
    import sys
    import threading

    import uvicorn

    from crawler.api.app import build
    from crawler.cli.faults import CantRun
    from crawler.cli.surroundings import prepared, store
    from crawler.cli.terminal import plain, say
    from crawler.console import app as console
    from crawler.console.guard import Front
    from crawler.detectors.contract import Reach
    from storage import keys

    settings = prepared()
    with store(settings) as engine:
        with engine.connect() as connection:
            has_keys = keys.any_live(connection)
        if not has_keys and not _is_loopback(host):
            raise CantRun(f"{plain(host)} is beyond loopback, and there is no key: run `falsetto keys create` first")
        listener = _listen(host, port)
        shown = f"[{host}]" if ":" in host else host
        say(f"serving on http://{shown}:{listener.getsockname()[1]}")
        if not has_keys:
            say("no key yet: only /healthz and /readyz are answered; see falsetto keys create --help")
        sys.stdout.flush()
        pages = console.build(
            engine,
            settings.clock().now,
            secret=settings.console_secret.get_secret_value(),
            cover_hosts=settings.console_covers,
            alerts=settings.alerts,
            tls=settings.console_tls,
        )
        threading.Thread(target=pages.state.desk.prepare, daemon=True, name="prepare").start()
        detectors = {name: Reach.of(words) for name, words in settings.detector.items()}
        config = uvicorn.Config(
            Front(build(engine, detectors=detectors), pages),
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,
        )
        signal.signal(signal.SIGTERM, _ended)  # the server drains first, and then hands the signal on
        uvicorn.Server(config).run(sockets=[listener])


def _ended(number: int, frame: object) -> None:
    raise SystemExit(0)


def _is_loopback(host: str) -> bool:
    """Tell whether an address is this machine's own; a name is taken for one only if it is localhost."""
    import ipaddress

    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _listen(host: str, port: int) -> "socket.socket":
    import socket

    from crawler.cli.faults import CantRun

    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=512)
    except (OSError, OverflowError, UnicodeError) as fault:
        raise CantRun(f"can't listen on {host}, port {port}: {getattr(fault, 'strerror', None) or fault}") from None
