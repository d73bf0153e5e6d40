"""How spotify answers in the sandbox."""
