"""The OpenAPI description of the REST API, written from the contract."""
