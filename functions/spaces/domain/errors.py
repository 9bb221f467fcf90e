"""The tree of errors that a caller is told about; each class has one error type.

SpaceError
├── InvalidInput
│   ├── PromptTooLarge
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
    """Something that the caller did or met, told in a sentence that says what to do.

    Attributes:
        error_type: the name for programs.
        detail: the sentence for people; never the text of an unexpected exception.
        retry_after_seconds: when trying again may help; None if it cannot.
    """

    error_type: ClassVar[ErrorType] = ErrorType.INTERNAL

    def __init__(self, detail: str, *, retry_after_seconds: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after_seconds = retry_after_seconds


class InvalidInput(SpaceError):
    """A field has a value that it cannot have."""

    error_type = ErrorType.INVALID_INPUT


class PromptTooLarge(InvalidInput):
    """The prompt is longer than the space takes."""

    error_type = ErrorType.PROMPT_TOO_LARGE


class FileTooLarge(InvalidInput):
    """A file is larger than the space takes."""

    error_type = ErrorType.FILE_TOO_LARGE


class FileTypeRefused(InvalidInput):
    """A file is of a type that the space does not take."""

    error_type = ErrorType.FILE_TYPE_REFUSED


class UploadMissing(InvalidInput):
    """A file that is to be submitted was never uploaded, or not to this space."""

    error_type = ErrorType.UPLOAD_MISSING


class UploadIncomplete(InvalidInput):
    """Parts of a file have not arrived."""

    error_type = ErrorType.UPLOAD_INCOMPLETE


class MalformedBody(InvalidInput):
    """The body of a call is no JSON."""

    error_type = ErrorType.MALFORMED_BODY


class BodyTooLarge(InvalidInput):
    """The body of a call is longer than any is taken."""

    error_type = ErrorType.BODY_TOO_LARGE


class UnsupportedMediaType(InvalidInput):
    """The body of a call does not say that it is JSON."""

    error_type = ErrorType.UNSUPPORTED_MEDIA_TYPE


class IdempotencyKeyReused(InvalidInput):
    """The same Idempotency-Key came with another input."""

    error_type = ErrorType.IDEMPOTENCY_KEY_REUSED


class Unauthorized(SpaceError):
    """The token is missing, wrong, revoked or expired."""

    error_type = ErrorType.UNAUTHORIZED


class NotAllowed(SpaceError):
    """The caller is known but may not do this."""

    error_type = ErrorType.NOT_ALLOWED


class UnknownSpace(SpaceError):
    """There is no space of that name."""

    error_type = ErrorType.UNKNOWN_SPACE


class SpaceDisabled(SpaceError):
    """The space exists but takes nothing at present."""

    error_type = ErrorType.SPACE_DISABLED


class SpaceExists(SpaceError):
    """The name is taken."""

    error_type = ErrorType.SPACE_EXISTS


class NotFound(SpaceError):
    """There is nothing of that name or id."""

    error_type = ErrorType.NOT_FOUND


class RequestNotFound(NotFound):
    """There is no request of that id."""

    error_type = ErrorType.REQUEST_NOT_FOUND


class RequestExpired(SpaceError):
    """There was one, but it is no longer kept."""

    error_type = ErrorType.REQUEST_EXPIRED


class QueueFull(SpaceError):
    """As many requests wait as the space allows."""

    error_type = ErrorType.QUEUE_FULL


class RateLimited(SpaceError):
    """The caller, or all callers of a space together, asked for more than is allowed."""

    error_type = ErrorType.RATE_LIMITED


class AlreadyEnded(SpaceError):
    """The request has ended; nothing can be changed about it."""

    error_type = ErrorType.ALREADY_ENDED


class StillRunning(SpaceError):
    """The request has not ended; it must be cancelled first."""

    error_type = ErrorType.STILL_RUNNING


class NoWorker(SpaceError):
    """No worker is connected, and the space does not let requests wait for one."""

    error_type = ErrorType.NO_WORKER


class UnsupportedProtocol(SpaceError):
    """The worker speaks another version of the contract."""

    error_type = ErrorType.UNSUPPORTED_PROTOCOL


class WrongOutput(SpaceError):
    """A result names a file that is not there, or not this request's."""

    error_type = ErrorType.MALFORMED_MESSAGE


class NotRegistered(SpaceError):
    """The worker has no place in the space that it speaks of."""

    error_type = ErrorType.NOT_REGISTERED


class Busy(SpaceError):
    """Too many others changed the same thing at the same moment."""

    error_type = ErrorType.BUSY
