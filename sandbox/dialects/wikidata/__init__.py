"""Wikidata, as its API speaks."""
