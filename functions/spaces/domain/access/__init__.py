"""Who calls: callers, their credentials and their quotas."""
