"""Imports code of the user without letting it end this process or switch off its log."""

import contextlib
import logging
import sys
from collections.abc import Iterator

from spaces_worker._errors import FunctionError
from spaces_worker._log import LOGGER_NAME


@contextlib.contextmanager
def foreign_code(name: str) -> Iterator[None]:
    """Import code of the user in this block.

    ``sys.argv`` holds only the name meanwhile, so that a parser at the top of the file does not
    read the options of this command. If the code replaces or switches off the log, the log is
    restored afterwards.

    Args:
        name: what is imported.

    Raises:
        FunctionError: the code called ``sys.exit`` or raised an exception, which is the cause.
        ModuleNotFoundError: it needs a module that is not installed.
    """
    with _arguments(name), _log_kept():
        try:
            yield
        except (ModuleNotFoundError, KeyboardInterrupt):
            raise
        except SystemExit as error:
            raise FunctionError(
                f"Importing {name} ended with sys.exit({error.code!r}). Put code that runs only "
                'when you start the file yourself under: if __name__ == "__main__":'
            ) from error
        except BaseException as error:
            raise FunctionError(
                f"Importing {name} failed: {type(error).__name__}: {error}"
            ) from error


@contextlib.contextmanager
def _arguments(name: str) -> Iterator[None]:
    former = sys.argv
    sys.argv = [name]
    try:
        yield
    finally:
        sys.argv = former


@contextlib.contextmanager
def _log_kept() -> Iterator[None]:
    logger = logging.getLogger(LOGGER_NAME)
    handlers, disabled = list(logger.handlers), logging.root.manager.disable
    try:
        yield
    finally:
        logging.disable(disabled)
        if not logger.handlers:
            for handler in handlers:
                logger.addHandler(handler)
