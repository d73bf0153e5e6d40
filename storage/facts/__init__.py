"""Reads only: what judgement, schedule, feed and reports ask, as plain values."""
