"""The HTTP API: candidates out, verdicts back. One file a resource; the store is asked through storage's functions."""
