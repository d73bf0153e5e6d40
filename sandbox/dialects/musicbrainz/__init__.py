"""How musicbrainz answers in the sandbox."""
