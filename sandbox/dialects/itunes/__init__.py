"""How itunes answers in the sandbox."""
