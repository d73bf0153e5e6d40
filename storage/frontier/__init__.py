"""Which targets are due, and who has them: leases in SQL, each claim with a token of its own.

A due target is claimed for a while by one worker; finishing it requires the token of that very claim. A worker that
dies loses nothing: what it held is due again as soon as its heartbeat is missed, or its process is seen to be gone.
"""

from storage.frontier.claiming import (
    Queue,
    bound,
    claim,
    finish,
    free_unknown,
    held_by_others,
    let_go,
    next_due,
    put_off,
    queues,
    renew,
    still_due,
    with_memory,
)
from storage.frontier.enrolment import forget, mark, marks
from storage.frontier.retiring import abandon, hasten_throttled
from storage.frontier.targets import KEY, LeaseLost, Wanted, analyse, hasten, key, want
from storage.frontier.workers import Beating, beat, bury, holders, leave, listed, now_of

__all__ = [
    "KEY",
    "Beating",
    "LeaseLost",
    "Queue",
    "Wanted",
    "abandon",
    "analyse",
    "beat",
    "bound",
    "bury",
    "claim",
    "finish",
    "forget",
    "free_unknown",
    "hasten",
    "hasten_throttled",
    "held_by_others",
    "holders",
    "key",
    "leave",
    "let_go",
    "listed",
    "mark",
    "marks",
    "next_due",
    "now_of",
    "put_off",
    "queues",
    "renew",
    "still_due",
    "want",
    "with_memory",
]
