"""Readers against real answers: every value as before, and none of their mutations raises what is no error of ours."""
