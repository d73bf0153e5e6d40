"""All that a platform adds to the sandbox: its facts, limits and the shapes of its answers."""
