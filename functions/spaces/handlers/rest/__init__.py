"""What the REST handlers share: bodies, callers, responses and the OpenAPI document."""
