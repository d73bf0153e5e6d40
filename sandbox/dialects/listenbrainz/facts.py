"""ListenBrainz, as the world's makers see it: MusicBrainz' ids, and nothing of its own."""

from sandbox.dialects.facts import Facts

FACTS = Facts(name="listenbrainz", ids="uuid", ids_of="musicbrainz", share=0.75, carried=0.0, reference=True, order=11)
