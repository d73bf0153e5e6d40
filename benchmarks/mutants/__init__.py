"""Tests that notice: small changes to the core's code, and whether the nearest tests see them."""
