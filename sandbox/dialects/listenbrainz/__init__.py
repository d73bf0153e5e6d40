"""ListenBrainz, as its API speaks."""
