"""Spiders ask: one file per platform, targets in, observations out. They never touch the database."""
