"""What would stop or hinder a deployment, found by read-only calls before it begins."""
