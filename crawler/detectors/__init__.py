"""Detection systems that are asked by reference: one a file, one contract, one vocabulary of answers."""
