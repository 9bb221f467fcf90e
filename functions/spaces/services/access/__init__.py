"""Use cases of credentials, quotas and access to spaces."""
