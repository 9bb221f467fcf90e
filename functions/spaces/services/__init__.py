"""Use cases as plain functions, one per file; `gateway` declares what they need from outside."""
