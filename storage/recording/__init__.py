"""Records what a look said: rows, change log, presence."""
