"""Which artist of the roster a person means by what was typed."""

from sqlalchemy import Connection

from storage.facts.roll import Known, called


class NoSuchArtist(Exception):
    """Nobody on the roster is meant by this, or more than one."""


def the_artist(connection: Connection, name: str) -> Known:
    """Return the one artist of this name, key or MBID, or raise NoSuchArtist."""
    found = called(connection, name)
    if not found:
        raise NoSuchArtist(f"nobody on the roster is called {name!r}; see falsetto roster list")
    if len(found) > 1:
        keys = ", ".join(f"{k.key} ({_ids(k)})" for k in found)
        raise NoSuchArtist(f"{len(found)} artists are called {name!r}: give the key of one: {keys}")
    return found[0]


def _ids(known: Known) -> str:
    return ", ".join([known.mbid] if known.mbid else [f"{p} {i}" for p, i in sorted(known.official)[:2]]) or "no ids"
