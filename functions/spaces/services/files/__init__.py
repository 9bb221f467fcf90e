"""Use cases of uploads, inputs and outputs."""
