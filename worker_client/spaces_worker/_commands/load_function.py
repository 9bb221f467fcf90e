"""Imports what ``module:function`` or ``file.py:worker`` names, and finds its worker."""

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from spaces_worker._commands.foreign_code import foreign_code
from spaces_worker._errors import FunctionError
from spaces_worker._functions.functions import Function
from spaces_worker._worker import Worker, created_workers


class Loaded(NamedTuple):
    """What a name refers to.

    Attributes:
        function: the function; None if the name is that of a worker.
        worker: that worker, or the worker that has the function; None if there is none.
    """

    function: Function | None
    worker: Worker | None


def load(name: str) -> Loaded:
    """Import and return a function or a worker.

    Args:
        name: ``package.module:function`` or ``path/to/file.py:function``; a worker likewise.

    Raises:
        FunctionError: there is no such module or function, or importing it failed; the cause says
            why.
    """
    place, colon, attribute = name.rpartition(":")
    if not colon or not place or not attribute:
        raise FunctionError(
            f"{name!r} is not the name of a function; write module:function or file.py:function."
        )
    with created_workers() as workers:
        module = _from_file(Path(place)) if place.endswith(".py") else _from_module(place)
    found = getattr(module, attribute, None)
    if isinstance(found, Worker):
        return Loaded(None, found)
    if not callable(found):
        raise FunctionError(f"There is no function {attribute!r} in {place}.")
    return Loaded(
        found, next((each for each in workers if each.declared.only(found).functions), None)
    )


def _from_module(name: str) -> ModuleType:
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        with foreign_code(name):
            return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise FunctionError(f"{name} needs the package {error.name}; install it.") from error
        raise FunctionError(
            f"There is no module {name} in {Path.cwd()} or in the installed packages."
        ) from error


def _from_file(path: Path) -> ModuleType:
    try:
        exists = path.is_file()
    except OSError as error:  # such as a name that is too long
        raise FunctionError(f"The file {path} cannot be used ({error.strerror}).") from None
    if not exists:
        raise FunctionError(f"There is no file {path}.")
    sys.path.insert(0, str(path.resolve().parent))
    spec = importlib.util.spec_from_file_location(_module_name(path), path)
    if spec is None or spec.loader is None:
        raise FunctionError(f"{path} is not a Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[module.__name__] = module
    try:
        with foreign_code(str(path)):
            spec.loader.exec_module(module)
    except ModuleNotFoundError as error:
        raise FunctionError(f"{path} needs the package {error.name}; install it.") from error
    return module


def _module_name(path: Path) -> str:
    """Return a name for the module of a file that takes the place of no other module."""
    taken = path.stem in sys.modules or path.stem in sys.stdlib_module_names
    return f"{path.stem}_of_spaces_worker" if taken else path.stem
