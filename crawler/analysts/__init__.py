"""For analysts who write SQL: the shell that only reads, the views as Parquet, and what other tools need to know."""
