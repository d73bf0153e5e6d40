"""The store of the main user, built by set-wise inserts, and what every command costs in it."""
