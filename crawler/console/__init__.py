"""The analysts' pages. They read the store like every other consumer, and write only decisions that a person makes."""
