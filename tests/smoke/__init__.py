"""A run against a deployed gateway that compares what AWS does with what the design expects."""
