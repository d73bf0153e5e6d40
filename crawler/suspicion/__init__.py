"""What is suspicious about what was seen, and why. Pure but for `verdicts`."""
