"""Apple Music, as its API speaks."""
