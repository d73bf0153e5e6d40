"""How large a world the sandbox can serve, and what a page costs it."""
