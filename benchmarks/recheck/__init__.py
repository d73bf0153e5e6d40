"""When to look again: our rule beside the known-rate optimum, round robin and fixed tiers."""
