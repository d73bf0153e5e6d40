"""One message to one destination through Apprise.

Addresses hold secrets: neither they nor what a service says is repeated; what went wrong is told in our own words.
"""

import logging
import re
import threading
from functools import cache
from typing import Any

STATUS = re.compile(r"error=(\d{3})")
LONGEST_S = 60.0  # a destination that is slower than that did not take the message


class BadDestination(Exception):
    """There is no such destination, or its address is none that can be used; the message quotes no address."""


def check(url: str) -> str:
    """Return the kind of service that an address means, or raise BadDestination."""
    return str(_service(url).service_name)


def send(url: str, subject: str, body: str, longest_s: float = LONGEST_S) -> str:
    """Send a message; return nothing, or what went wrong. Takes no longer than told, whatever the destination does."""
    said: list[str] = []

    def deliver() -> None:
        try:
            said.append(_deliver(url, subject, body))
        except BadDestination as bad:
            said.append(str(bad))
        except Exception as error:  # a fault in one of a hundred services must not keep the others from their messages
            said.append(f"its delivery failed ({type(error).__name__})")

    # Some services read without a limit, and a thread that hangs must not keep the process from ending.
    thread = threading.Thread(target=deliver, name="alert", daemon=True)
    thread.start()
    thread.join(longest_s)
    return said[0] if said else f"it did not take the message within {longest_s:.0f} s"


def _deliver(url: str, subject: str, body: str) -> str:
    apprise, asset = _apprise()
    service = _service(url)
    if "overflow=" not in url:
        service.overflow_mode = apprise.OverflowMode.SPLIT
    sender = apprise.Apprise(asset=asset)
    sender.add(service)
    heard: list[str] = []
    arrived = sender.notify(
        body=body,
        title=subject,
        body_format=apprise.NotifyFormat.TEXT,
        interpret_escapes=False,
        log_callback=lambda entry, _: heard.append(str(getattr(entry, "message", entry))),
        log_level=logging.WARNING,
    )
    if arrived:
        return ""
    status = next((found[1] for one in heard if (found := STATUS.search(one))), None)
    return f"it answered {status}" if status else "it could not be reached, or did not take the message"


def _service(url: str) -> Any:
    apprise, asset = _apprise()
    service = apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
    if service is None:
        raise BadDestination("its address is none that Apprise knows; see docs/alerts.md")
    return service


@cache
def _apprise() -> tuple[Any, Any]:
    import apprise

    logger = logging.getLogger("apprise")  # it logs addresses and answers
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    asset = apprise.AppriseAsset(
        app_id="Falsetto",
        app_desc="Falsetto",
        app_url="",
        async_mode=False,
        secure_logging=True,
        plugin_paths=[],
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )
    return apprise, asset
