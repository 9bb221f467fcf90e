"""Measurements that the design and the README refer to; `make bench` writes RESULTS.md."""
