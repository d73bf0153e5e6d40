"""How deezer answers in the sandbox."""
