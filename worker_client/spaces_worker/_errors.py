"""Exceptions of the worker client.

SpacesWorkerError
├── SettingsError      a setting is missing or wrong
├── FunctionError      the function cannot be loaded or called
├── TransferError      a file could not be downloaded or uploaded
└── UserError          raised by a function; its text is shown to the user
"""


class SpacesWorkerError(Exception):
    """Base class of all exceptions of this package."""


class SettingsError(SpacesWorkerError):
    """A setting is missing or invalid; the text names it and says what to do."""


class FunctionError(SpacesWorkerError):
    """The function cannot be loaded or called; the text says what to do."""


class TransferError(SpacesWorkerError):
    """A file could not be downloaded or uploaded; the text is meant for the log and says why."""


class UserError(SpacesWorkerError):
    """Raise this in your function to fail a request with a text that the user sees.

    The text of any other exception stays on this machine.

    Attributes:
        error_type: identifies the error for programs, in snake_case. Every other exception is
            reported as ``worker_error``.
    """

    def __init__(self, message: str, *, error_type: str = "user_error") -> None:
        # A member of a str enumeration shows its value, as everywhere.
        super().__init__(str.__str__(message) if isinstance(message, str) else message)
        self.error_type = error_type
