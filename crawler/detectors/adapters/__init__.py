"""One detection system a file. A new one is its file here, and no edit anywhere else."""
