"""Judgement measured: on real catalogues (honest replay, transplant, census) and on worlds with a known truth."""
