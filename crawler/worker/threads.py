"""API clients are asked in threads of their lane: one call for each thread, as many as the budget's bucket allows."""

import asyncio
import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from crawler.worker.lane import Lane
from spiders.base.client import Client
from spiders.base.gate import Gate
from spiders.base.platform import Access
from spiders.base.trouble import fault_of_ours
from storage.observations import Coverage, Page
from storage.targets import Target

log = logging.getLogger(__name__)
T = TypeVar("T")


async def run_client(lane: Lane, make: Callable[[Access, Gate], Client]) -> None:
    """Ask an API client's targets in threads until the lane drains, a client a thread."""
    loop = asyncio.get_running_loop()
    free: list[Client] = []
    running: set[asyncio.Future[None]] = set()
    async for batch in lane.batches():
        if not free:
            free.append(make(lane.access, lane.gate))
        client = free.pop()
        task = in_thread(partial(_ask, lane, client, batch, loop), name=lane.platform.name)
        running.add(task)
        task.add_done_callback(running.discard)
        task.add_done_callback(lambda _, client=client: free.append(client))  # type: ignore[misc]
    if running and not lane.draining:
        await asyncio.wait(running)
    for client in free:
        client.close()


def _ask(lane: Lane, client: Client, batch: list[Target], loop: asyncio.AbstractEventLoop) -> None:
    """Ask for a batch when its bucket has a call free, then tell; the next batch is asked meanwhile."""
    pages: dict[Target, list[Page]] = {target: [] for target in batch}
    with lane.calls[lane.claims.bucket(batch[0].ask, batch[0].section)]:
        try:
            for page in client.observe_batch(batch):
                lane.moved()
                pages[page.target].append(page)
            fault: Exception = LookupError("no coverage was said")
        except Exception as error:  # a fault in one platform's file must cost its target, never the lane
            fault = error
            log.error("fault in spiders/%s.py: %s", lane.platform.name, fault_of_ours(fault, lane.access)[1])
    recorded = []  # together: one after the other, each would wait behind what all other lanes have told meanwhile
    for target, told in pages.items():
        if not told or told[-1].coverage is None:
            trouble, _ = fault_of_ours(fault, lane.access)  # loud, and the target stays due
            told.append(Page(target, coverage=Coverage(trouble.outcome, stop_reason=str(trouble))))
        recorded.append(asyncio.run_coroutine_threadsafe(lane.told(told), loop))
    for one in recorded:
        one.result()


def in_thread(work: Callable[[], T], name: str) -> asyncio.Future[T]:
    """Run blocking work in a daemon thread: a call that hangs in a socket can't keep a stopped worker alive."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(method: Callable[[Any], None], value: Any) -> None:
        if not future.done():
            method(value)

    def run() -> None:
        try:
            outcome: tuple[Callable[[Any], None], Any] = (future.set_result, work())
        except BaseException as error:  # handed to the awaiting lane
            outcome = (future.set_exception, error)
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, *outcome)

    threading.Thread(target=run, name=f"lane-{name}", daemon=True).start()
    return future
