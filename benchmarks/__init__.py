"""Speed and memory, measured as ratios against a named peer or limit in the same run; never timed tests."""
