"""Which monitored artists does this printed name or title imitate, how, and how surprising is that?

Pure: no input or output, no clock, no network. `build_index(names).match_many(texts)` is the hot path.
"""

from crawler.resemblance.budget import ALARMS, CREDITS, chance, cut_for
from crawler.resemblance.explain import explain_all
from crawler.resemblance.forms import Forms, fold, name_key
from crawler.resemblance.index import Index, Kind, build_index
from crawler.resemblance.match import Match, RosterName
from crawler.resemblance.queries import Query, plan_queries

__all__ = [
    "ALARMS",
    "CREDITS",
    "Forms",
    "Index",
    "Kind",
    "Match",
    "Query",
    "RosterName",
    "build_index",
    "chance",
    "cut_for",
    "explain_all",
    "fold",
    "name_key",
    "plan_queries",
]
