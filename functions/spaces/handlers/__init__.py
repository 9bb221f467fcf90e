"""One thin module for each trigger of a Lambda function."""

import gc

gc.set_threshold(10_000, 100)
"""Importing allocates hundreds of thousands of objects that stay. At Python's own thresholds,
looking for cycles among them takes a tenth of a cold start."""
