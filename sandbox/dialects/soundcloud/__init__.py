"""SoundCloud, as its public API speaks."""
