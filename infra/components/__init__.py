"""CDK constructs, one per file. They take values and expose resources."""
