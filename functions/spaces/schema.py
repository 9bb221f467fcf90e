"""Names of keys and indexes, on which infra and adapters must agree; docs/access-patterns.md."""

from typing import Final

SPACE_ID: Final = "space_id"
"""Partition key of the spaces and the requests table."""
RECORD: Final = "record"
"""Sort key of the spaces table."""
LISTED: Final = "listed"
"""Partition key of the sparse index for the public list; its sort key is ``space_id``."""
PUBLIC_SPACES_INDEX: Final = "public_spaces"

CONNECTION_ID: Final = "connection_id"
"""Partition key of the connections table."""

TICKET: Final = "ticket"
"""Sort key of the requests table."""
OWNER: Final = "owner"
"""Partition key of the index of a person's requests (keys only)."""
CREATED_AT: Final = "created_at"
"""Sort key of the same index."""
REQUESTS_BY_OWNER_INDEX: Final = "requests_by_owner"

EXPIRES_AT: Final = "expires_at"
"""TTL attribute of every table: seconds since 1970 (DynamoDB, "Using time to live")."""

ADMINISTRATORS: Final = "admins"
"""Group of the user pool whose members administer."""
EDGE_KEY_HEADER: Final = "x-spaces-edge"
"""Header that CloudFront adds for the API, with a value that only this stack knows: what it says
of the viewer's address is true. (CloudFront refuses to add headers that begin with X-Edge-.)"""
