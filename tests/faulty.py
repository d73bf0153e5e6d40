"""Platforms whose files have faults, to see what they cost."""

from spiders.deezer import Deezer
from spiders.itunes import Itunes
from storage.targets import Ask


def read_badly(raw, look):
    return 1 / 0


class Faulty(Deezer):
    """Deezer with mistakes in it."""

    def observe(self, looks):
        (look,) = looks
        if look.target.ask is Ask.RELEASE:
            raise KeyError("release")
        if look.target.ask is Ask.SEARCH:
            return self.one(look, "search/artist", read_badly)
        return super().observe(looks)

    def read_one(self, response, looks, how):
        if looks[0].subject != "says nothing":
            yield from super().read_one(response, looks, how)


class FaultyBatch(Itunes):
    """iTunes with a mistake about one of several artists."""

    def artist(self, look, *rest):
        if look.subject == "2":
            raise AttributeError("two")
        return super().artist(look, *rest)
