"""Who is monitored: the roster file, its import, and the profiles found for it."""
