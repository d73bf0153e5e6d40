"""MusicBrainz: a folder, because it says what there is and also whose page is whose."""

from spiders.musicbrainz.platform import Musicbrainz

__all__ = ["Musicbrainz"]
