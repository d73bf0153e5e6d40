"""Candidates out: what a detection system reads."""
