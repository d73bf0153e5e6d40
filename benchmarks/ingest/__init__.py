"""How fast a look is recorded, next to the rawest way of writing the same rows."""
