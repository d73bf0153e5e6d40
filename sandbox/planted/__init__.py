"""Attacks and their innocent twins, planted into the world with their truth."""
