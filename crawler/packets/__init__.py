"""Report packets: what a platform's form asks about a case, filled in as far as we know. Nothing here is sent."""
