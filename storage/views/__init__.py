"""The analysts' views: their SQL, what their columns mean, and how they are made. docs/views.md is made from them."""

from storage.views.definitions import OWNED_BY, VIEWS, WORDS
from storage.views.making import NAMES, READER, Unfit, are_current, create_views, drop_views, make_reader, view_columns

__all__ = [
    "NAMES",
    "OWNED_BY",
    "READER",
    "VIEWS",
    "WORDS",
    "Unfit",
    "are_current",
    "create_views",
    "drop_views",
    "make_reader",
    "view_columns",
]
