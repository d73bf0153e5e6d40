"""One process, one loop, a lane per platform, one writer."""
