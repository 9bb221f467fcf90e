"""What requests, workers and months cost: ``python -m benchmarks cost``."""
