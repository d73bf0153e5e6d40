"""The synthetic world: people, names, catalogues and ids, from a seed."""
