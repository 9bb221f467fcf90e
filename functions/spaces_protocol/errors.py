"""Error types of socket and REST, and the one table that maps them to HTTP status codes."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final


class ErrorType(StrEnum):
    """What went wrong, for programs. The names are stable."""

    MALFORMED_MESSAGE = "malformed_message"
    UNKNOWN_ACTION = "unknown_action"
    MESSAGE_TOO_LARGE = "message_too_large"
    UNSUPPORTED_PROTOCOL = "unsupported_protocol"
    NOT_REGISTERED = "not_registered"

    INVALID_INPUT = "invalid_input"
    INPUT_TOO_LARGE = "input_too_large"
    ENDPOINT_NOT_SERVED = "endpoint_not_served"
    FILE_TOO_LARGE = "file_too_large"
    FILE_TYPE_REFUSED = "file_type_refused"
    UPLOAD_MISSING = "upload_missing"
    UPLOAD_INCOMPLETE = "upload_incomplete"
    MALFORMED_BODY = "malformed_body"
    BODY_TOO_LARGE = "body_too_large"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused"

    UNAUTHORIZED = "unauthorized"
    NOT_ALLOWED = "not_allowed"
    UNKNOWN_SPACE = "unknown_space"
    SPACE_DISABLED = "space_disabled"
    SPACE_EXISTS = "space_exists"
    USER_EXISTS = "user_exists"
    EMAIL_TAKEN = "email_taken"
    LAST_ADMINISTRATOR = "last_administrator"
    EDIT_CONFLICT = "edit_conflict"
    DUPLICATE_CONNECTION = "duplicate_connection"
    REQUEST_NOT_FOUND = "request_not_found"
    REQUEST_EXPIRED = "request_expired"
    ALREADY_ENDED = "already_ended"
    STILL_RUNNING = "still_running"
    NOT_FOUND = "not_found"
    QUEUE_FULL = "queue_full"
    NO_WORKER = "no_worker"
    RATE_LIMITED = "rate_limited"
    BUSY = "busy"
    INTERNAL = "internal_error"

    WORKER_ERROR = "worker_error"
    WORKER_LOST = "worker_lost"
    TIMED_OUT = "timed_out"
    QUEUE_TIMED_OUT = "queue_timed_out"


HTTP_STATUS: Final = MappingProxyType(
    {
        ErrorType.MALFORMED_MESSAGE: 400,
        ErrorType.UNKNOWN_ACTION: 400,
        ErrorType.MESSAGE_TOO_LARGE: 413,
        ErrorType.UNSUPPORTED_PROTOCOL: 400,
        ErrorType.NOT_REGISTERED: 409,
        ErrorType.INVALID_INPUT: 422,
        ErrorType.INPUT_TOO_LARGE: 413,
        ErrorType.ENDPOINT_NOT_SERVED: 422,
        ErrorType.FILE_TOO_LARGE: 413,
        ErrorType.FILE_TYPE_REFUSED: 422,
        ErrorType.UPLOAD_MISSING: 422,
        ErrorType.UPLOAD_INCOMPLETE: 409,
        ErrorType.MALFORMED_BODY: 400,
        ErrorType.BODY_TOO_LARGE: 413,
        ErrorType.UNSUPPORTED_MEDIA_TYPE: 415,
        ErrorType.IDEMPOTENCY_KEY_REUSED: 422,
        ErrorType.UNAUTHORIZED: 401,
        ErrorType.NOT_ALLOWED: 403,
        ErrorType.UNKNOWN_SPACE: 404,
        ErrorType.SPACE_DISABLED: 409,
        ErrorType.SPACE_EXISTS: 409,
        ErrorType.USER_EXISTS: 409,
        ErrorType.EMAIL_TAKEN: 409,
        ErrorType.LAST_ADMINISTRATOR: 409,
        ErrorType.EDIT_CONFLICT: 409,
        ErrorType.DUPLICATE_CONNECTION: 409,
        ErrorType.REQUEST_NOT_FOUND: 404,
        ErrorType.REQUEST_EXPIRED: 410,
        ErrorType.ALREADY_ENDED: 409,
        ErrorType.STILL_RUNNING: 409,
        ErrorType.NOT_FOUND: 404,
        ErrorType.QUEUE_FULL: 429,
        ErrorType.NO_WORKER: 503,
        ErrorType.RATE_LIMITED: 429,
        ErrorType.BUSY: 503,
        ErrorType.INTERNAL: 500,
        # These four end a request; they appear in a 200 response and have no status of their own.
        ErrorType.WORKER_ERROR: 200,
        ErrorType.WORKER_LOST: 200,
        ErrorType.TIMED_OUT: 200,
        ErrorType.QUEUE_TIMED_OUT: 200,
    }
)
