"""Worlds as documented JSON files: read, checked and written."""
