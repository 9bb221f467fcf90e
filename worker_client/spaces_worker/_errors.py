"""Exceptions of the worker client.

SpacesWorkerError
├── SettingsError      a setting is missing or wrong
├── FunctionError      the function to link cannot be loaded or called
├── TransferError      a file could not be fetched or delivered
└── UserError          raised by a function: its text is shown to the user
"""


class SpacesWorkerError(Exception):
    """Root of all exceptions of this package."""


class SettingsError(SpacesWorkerError):
    """A setting is missing or wrong; the text names it and says what to do."""


class FunctionError(SpacesWorkerError):
    """The function to link cannot be loaded or called; the text says what to do."""


class TransferError(SpacesWorkerError):
    """A file could not be fetched or delivered; the text, for the log, says why."""


class UserError(SpacesWorkerError):
    """Raise it in your function to fail a request with a text that the user sees.

    The text of every other exception stays on this machine.

    Attributes:
        error_type: for programs that read the answer; snake_case. Errors that are no ``UserError``
            are told as ``worker_error``.
    """

    def __init__(self, message: str, *, error_type: str = "user_error") -> None:
        super().__init__(message)
        self.error_type = error_type
