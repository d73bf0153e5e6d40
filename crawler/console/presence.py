"""Who looks at what: kept in this process's memory and nowhere else, because looking at a case must not write."""

import threading
import time
from collections.abc import Callable

LASTS_S = 40.0
MOST = 10_000


class Presence:
    """Remembers for a short while which case each person has open."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Start with nobody."""
        self.clock, self.lock = clock, threading.Lock()
        self.seen: dict[tuple[int, str], float] = {}

    def look(self, case_id: int, who: str) -> list[str]:
        """Note that somebody looks at a case; return who else does."""
        now = self.clock()
        with self.lock:
            self.seen = {key: at for key, at in self.seen.items() if now - at < LASTS_S and key[1] != who}
            if len(self.seen) < MOST:
                self.seen[case_id, who] = now
            return sorted(name for case, name in self.seen if case == case_id and name != who)

    def looked_at(self) -> dict[int, list[str]]:
        """Map cases to who has them open."""
        now, found = self.clock(), dict[int, list[str]]()
        with self.lock:
            for (case_id, who), at in self.seen.items():
                if now - at < LASTS_S:
                    found.setdefault(case_id, []).append(who)
        return found
