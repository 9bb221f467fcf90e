"""Measurements that design and README speak of; `make bench` writes RESULTS.md."""
