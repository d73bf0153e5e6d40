"""Platforms whose files have faults, to see what they cost."""

from spiders.deezer import Deezer
from spiders.itunes import Itunes
from storage.targets import Ask


class Faulty(Deezer):
    """Deezer with mistakes in it."""

    def observe(self, looks):
        if looks[0].target.ask is Ask.RELEASE:
            raise KeyError("release")
        return super().observe(looks)

    def search(self, response, looks):
        yield 1 / 0

    def profile(self, response, looks):
        if looks[0].subject == "7":
            yield from super().profile(response, looks)


class FaultyBatch(Itunes):
    """iTunes with a mistake about one of several artists."""

    def artist(self, look, *rest):
        if look.subject == "2":
            raise AttributeError("two")
        return super().artist(look, *rest)
