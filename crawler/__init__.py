"""The crawler decides: what is asked when, what is suspicious, and who hears of it."""
