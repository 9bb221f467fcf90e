"""Constructs, one a file; they take values and expose resources."""
