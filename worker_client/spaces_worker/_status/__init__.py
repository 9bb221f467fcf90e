"""What a worker shows: status line, status file and logs."""
