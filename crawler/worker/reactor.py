"""Scrapy's reactor owns the (uvloop) event loop, and everything of ours is a task in it; once per process."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

Stop = Callable[[signal.Signals], None]
T = TypeVar("T")


def in_reactor(main: Callable[[list[Stop]], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine in Scrapy's reactor on a uvloop event loop; once per process.

    `main` is handed a list; what it appends is called with each SIGTERM and SIGINT.
    """
    from scrapy.utils.reactor import install_reactor

    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor", "uvloop.Loop")
    from twisted.internet import reactor as installed

    reactor: Any = installed

    stops: list[Stop] = []
    results: list[T] = []
    errors: list[BaseException] = []
    loop = asyncio.get_event_loop_policy().get_event_loop()

    def signalled(number: signal.Signals) -> None:
        for stop in stops:
            stop(number)

    async def run() -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, signalled, number)
        try:
            results.append(await main(stops))
        except BaseException as error:  # carried out of the reactor and raised below
            errors.append(error)
        finally:
            reactor.stop()

    tasks: list[asyncio.Task[None]] = []
    reactor.callWhenRunning(lambda: tasks.append(loop.create_task(run())))
    reactor.run(installSignalHandlers=False)
    if errors:
        raise errors[0]
    return results[0]
