"""The tree of errors that callers see; each class has one error type.

SpaceError
├── InvalidInput
│   ├── InputTooLarge
│   ├── EndpointNotServed
│   ├── FileTooLarge
│   ├── FileTypeRefused
│   ├── UploadMissing
│   ├── UploadIncomplete
│   ├── BodyTooLarge
│   ├── MalformedBody
│   ├── UnsupportedMediaType
│   └── IdempotencyKeyReused
├── Unauthorized
├── NotAllowed
├── UnknownSpace
├── SpaceDisabled
├── SpaceExists
├── UserExists
├── EmailTaken
├── LastAdministrator
├── EditConflict (in spaces.domain.space)
├── NotFound
│   └── RequestNotFound
├── RequestExpired
├── AlreadyEnded
├── StillRunning
├── QueueFull
├── RateLimited
├── NoWorker
├── UnsupportedProtocol
├── WrongOutput
├── NotRegistered
└── Busy
"""

from typing import ClassVar

from spaces_protocol.errors import ErrorType


class SpaceError(Exception):
    """An error that a caller sees, with a sentence that says what to do.

    Attributes:
        error_type: A stable name for programs.
        detail: A sentence for people; never the text of an unexpected exception.
        retry_after_seconds: When a retry may help; None if it cannot.
    """

    error_type: ClassVar[ErrorType] = ErrorType.INTERNAL

    def __init__(self, detail: str, *, retry_after_seconds: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after_seconds = retry_after_seconds


class InvalidInput(SpaceError):
    """A field has an invalid value."""

    error_type = ErrorType.INVALID_INPUT


class InputTooLarge(InvalidInput):
    """The input is larger than the space accepts."""

    error_type = ErrorType.INPUT_TOO_LARGE


class EndpointNotServed(InvalidInput):
    """No worker of the space serves the endpoint of the call."""

    error_type = ErrorType.ENDPOINT_NOT_SERVED


class FileTooLarge(InvalidInput):
    """A file is larger than the space accepts."""

    error_type = ErrorType.FILE_TOO_LARGE


class FileTypeRefused(InvalidInput):
    """The space does not accept files of this type."""

    error_type = ErrorType.FILE_TYPE_REFUSED


class UploadMissing(InvalidInput):
    """A submitted file was never uploaded, or was uploaded to another space."""

    error_type = ErrorType.UPLOAD_MISSING


class UploadIncomplete(InvalidInput):
    """Parts of a file are missing."""

    error_type = ErrorType.UPLOAD_INCOMPLETE


class MalformedBody(InvalidInput):
    """The body of an HTTP request is not valid JSON."""

    error_type = ErrorType.MALFORMED_BODY


class BodyTooLarge(InvalidInput):
    """The body of an HTTP request is too long."""

    error_type = ErrorType.BODY_TOO_LARGE


class UnsupportedMediaType(InvalidInput):
    """The body of an HTTP request is not declared as JSON."""

    error_type = ErrorType.UNSUPPORTED_MEDIA_TYPE


class IdempotencyKeyReused(InvalidInput):
    """An Idempotency-Key was reused with a different input."""

    error_type = ErrorType.IDEMPOTENCY_KEY_REUSED


class Unauthorized(SpaceError):
    """The token is missing, wrong, revoked or expired."""

    error_type = ErrorType.UNAUTHORIZED


class NotAllowed(SpaceError):
    """The caller is known but not allowed to do this."""

    error_type = ErrorType.NOT_ALLOWED


class UnknownSpace(SpaceError):
    """The space does not exist, or the caller may not see it."""

    error_type = ErrorType.UNKNOWN_SPACE


class SpaceDisabled(SpaceError):
    """The space is not accepting requests."""

    error_type = ErrorType.SPACE_DISABLED


class SpaceExists(SpaceError):
    """The name is already taken."""

    error_type = ErrorType.SPACE_EXISTS


class UserExists(SpaceError):
    """The name of a user is already taken."""

    error_type = ErrorType.USER_EXISTS


class EmailTaken(SpaceError):
    """The e-mail address belongs to another user."""

    error_type = ErrorType.EMAIL_TAKEN


class LastAdministrator(SpaceError):
    """Without this user, nobody could administer."""

    error_type = ErrorType.LAST_ADMINISTRATOR


class NotFound(SpaceError):
    """Nothing has this name or id."""

    error_type = ErrorType.NOT_FOUND


class RequestNotFound(NotFound):
    """No request has this id."""

    error_type = ErrorType.REQUEST_NOT_FOUND


class RequestExpired(SpaceError):
    """The request existed but is no longer stored."""

    error_type = ErrorType.REQUEST_EXPIRED


class QueueFull(SpaceError):
    """The queue of the space is full."""

    error_type = ErrorType.QUEUE_FULL


class RateLimited(SpaceError):
    """The caller, or all callers of a space together, exceeded a limit."""

    error_type = ErrorType.RATE_LIMITED


class AlreadyEnded(SpaceError):
    """The request has already ended and can no longer change."""

    error_type = ErrorType.ALREADY_ENDED


class StillRunning(SpaceError):
    """The request has not ended and must be cancelled first."""

    error_type = ErrorType.STILL_RUNNING


class NoWorker(SpaceError):
    """No worker is connected, and the space does not queue requests without one."""

    error_type = ErrorType.NO_WORKER


class UnsupportedProtocol(SpaceError):
    """The worker uses a different protocol version."""

    error_type = ErrorType.UNSUPPORTED_PROTOCOL


class WrongOutput(SpaceError):
    """A result names a file that is missing or belongs to another request."""

    error_type = ErrorType.MALFORMED_MESSAGE


class NotRegistered(SpaceError):
    """The worker has no place in the space it refers to."""

    error_type = ErrorType.NOT_REGISTERED


class Busy(SpaceError):
    """Too many callers are changing the same thing at once."""

    error_type = ErrorType.BUSY
