"""Builds every key of the three tables; see docs/access-patterns.md."""

from typing import TYPE_CHECKING, Final, Literal

from spaces.adapters.dynamodb.values import text
from spaces.schema import CONNECTION_ID, RECORD, SPACE_ID, TICKET

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

    Key = dict[str, AttributeValueTypeDef]

DEFINITION: Final = "definition"
QUEUE: Final = "queue"
CredentialKind = Literal["worker_token", "api_key"]


def definition_key(space_id: str) -> "Key":
    """Return the key of a space's definition."""
    return {SPACE_ID: text(space_id), RECORD: text(DEFINITION)}


def queue_key(space_id: str) -> "Key":
    """Return the key of a space's queue."""
    return {SPACE_ID: text(space_id), RECORD: text(QUEUE)}


def credential_key(kind: CredentialKind, digest: str) -> "Key":
    """Return the key of a worker token or API key; no space name contains ``#``."""
    return {SPACE_ID: text(f"#{kind}#{digest[:2]}"), RECORD: text(digest)}


def lineage_key(kind: CredentialKind, credential_id: str) -> "Key":
    """Return the key of the item that lists the secrets of one id; no hash begins with ``id``."""
    return {SPACE_ID: text(f"#{kind}#id#{credential_id}"), RECORD: text("lineage")}


def params_key(space_id: str) -> "Key":
    """Return the key of the parameters declared for a space."""
    return {SPACE_ID: text(space_id), RECORD: text("params")}


def presentation_key(space_id: str, presentation_id: str) -> "Key":
    """Return the key of what people read about a space."""
    return {SPACE_ID: text(space_id), RECORD: text(f"presentation#{presentation_id}")}


def quota_key(scope: str) -> "Key":
    """Return the key of a caller's quota."""
    return {SPACE_ID: text(f"#quota#{scope}"), RECORD: text("quota")}


def audit_key(month: str, record: str) -> "Key":
    """Return the key of an entry of the audit trail."""
    return {SPACE_ID: text(f"#audit#{month}"), RECORD: text(record)}


def connection_key(connection_id: str) -> "Key":
    """Return the key of a connection."""
    return {CONNECTION_ID: text(connection_id)}


def request_key(space_id: str, ticket: int) -> "Key":
    """Return the key of a request."""
    return {SPACE_ID: text(space_id), TICKET: text(_padded(ticket))}


def payload_key(space_id: str, ticket: int, part: str) -> "Key":
    """Return the key of a payload stored in its own item."""
    return {SPACE_ID: text(space_id), TICKET: text(f"{_padded(ticket)}#{part}")}


def chunk_key(space_id: str, ticket: int, attempt: int, index: int) -> "Key":
    """Return the key of a chunk of the text that an attempt streams."""
    return payload_key(space_id, ticket, f"chunk#{attempt}#{index}")


def idempotency_key(space_id: str, digest: str) -> "Key":
    """Return the key of the record of an Idempotency-Key."""
    return {SPACE_ID: text(space_id), TICKET: text(f"idempotency#{digest}")}


def _padded(ticket: int) -> str:
    return f"{ticket:012d}"
