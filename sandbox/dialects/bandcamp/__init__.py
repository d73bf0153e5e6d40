"""Bandcamp, as its pages speak."""
