"""What a round of alerts needs, from the settings and the enabled platforms."""

from collections.abc import Mapping

from crawler.alerts.telling import Surroundings
from crawler.settings import Settings
from crawler.watching.quotas import fresh
from spiders.base.platform import Platform


def surroundings(settings: Settings, platforms: Mapping[str, type[Platform]]) -> Surroundings:
    """Gather destinations, enabled platforms and the plan of their quotas."""
    access = {name: settings.access(name) for name in platforms}
    return Surroundings(
        destinations={name: url.get_secret_value() for name, url in settings.destinations.items()},
        enabled=frozenset(platforms),
        plan=lambda connection, at: fresh(connection, platforms, access, at),
    )
