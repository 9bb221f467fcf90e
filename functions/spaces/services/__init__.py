"""Use cases, one a file, as free functions; what they need from outside is named in `gateway`."""
