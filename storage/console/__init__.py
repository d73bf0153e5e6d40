"""What the console's pages ask of the store, and the little that they keep there of their own."""
