"""What faults do to a store: deaths, cut connections, clocks that are wrong, locks of the dead."""
