"""One attempt to answer one target by Scrapy: its tally, and what was said for it so far."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from scrapy.http import Response

from spiders.base.platform import Access
from spiders.base.walk import Walk
from storage.observations import Coverage, Observation, Page, Payload
from storage.targets import Target


@dataclass(slots=True, eq=False)
class Look:
    """What is known of one target while it is asked."""

    target: Target
    walk: Walk
    access: Access = field(repr=False)
    batch: list["Look"] = field(repr=False)  # the looks that share the first call and are still open
    pages: list[Page] = field(default_factory=list)
    ended: bool = False  # a page with its coverage was made

    @property
    def subject(self) -> str:
        """Return what is asked about."""
        return self.target.subject

    def page(
        self, told: Iterable[Observation], response: Response | None = None, coverage: Coverage | None = None
    ) -> Page:
        """Make the page that one answer gave for this target; the one with the coverage is the last.

        What could not be read of it is told with it.
        """
        self.ended |= coverage is not None
        kept = None if response is None else payload(response, self.access)
        return Page(self.target, (*told, *self.walk.noted.take()), kept, coverage)


def payload(response: Response, access: Access) -> Payload:
    """Keep an answer as it came."""
    content_type = response.headers.get("Content-Type") or b""
    return Payload(access.masked(response.url), response.status, response.body, content_type.decode("latin-1"))
