"""The questions that judgement asks of an event: one file each, every signal a small pure function."""
