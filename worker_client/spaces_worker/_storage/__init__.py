"""Files that outlive the process: unacknowledged results."""
