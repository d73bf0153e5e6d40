"""The stand-in platforms as a server on loopback: clock, faults, doors."""
