"""Parses a command with placeholders and fills them in for a request."""

import shlex
import string
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from spaces_worker._errors import SettingsError, UserError

Paths = Mapping[str, Sequence[str]]
"""Paths by placeholder."""

MEANINGS: Final = MappingProxyType(
    {
        "prompt_file": "a file with the prompt",
        "params_file": "a file with the parameters, as JSON",
        "output_dir": "a folder; files that your program writes there become output files",
        "file": "the user's first file",
        "files": "all of the user's files, one argument each; must be an argument of its own",
    }
)
"""The placeholders."""
_INPUT: Final = frozenset({"prompt_file", "file", "files"})


class CommandTemplate:
    """A program and its arguments.

    Args:
        command: quoted as for a shell, although no shell is used; ``{{`` stands for a brace.

    Raises:
        SettingsError: quotes or braces are invalid, or the command is empty.
    """

    def __init__(self, command: str) -> None:
        try:
            self._words = [list(_parts(word)) for word in shlex.split(command)]
        except ValueError as error:
            raise SettingsError(f"--command: {error}.") from error
        if not self._words:
            raise SettingsError("--command: the command is empty.")

    @property
    def program(self) -> str | None:
        """The program; None if a placeholder is part of its name."""
        parts = self._words[0]
        if any(name is not None for _, name in parts):
            return None
        return "".join(literal for literal, _ in parts)

    @property
    def names_input(self) -> bool:
        """Whether a placeholder stands for the prompt or the files of the user."""
        return any(name in _INPUT for parts in self._words for _, name in parts)

    def filled(self, paths: Paths) -> list[str]:
        """Return the program and its arguments for one request.

        Raises:
            UserError: the program needs a file, and the request has none.
        """
        return [word for parts in self._words for word in _filled(parts, paths)]


Part = tuple[str, str | None]
"""A literal text, and the placeholder after it."""


def _parts(word: str) -> Iterator[Part]:
    parsed = list(string.Formatter().parse(word))
    for literal, name, form, conversion in parsed:
        if name is not None and (name not in MEANINGS or form or conversion):
            known = ", ".join(f"{{{each}}}" for each in MEANINGS)
            raise ValueError(f"unknown placeholder {{{name}}}; use {known}")
        if name == "files" and (literal or len(parsed) > 1):
            raise ValueError("{files} must be a separate argument")
        yield literal, name


def _filled(parts: Sequence[Part], paths: Paths) -> list[str]:
    if [name for _, name in parts] == ["files"]:
        return list(paths["files"])
    return ["".join(literal + _path(name, paths) for literal, name in parts)]


def _path(name: str | None, paths: Paths) -> str:
    if name is None:
        return ""
    found = paths["files" if name == "file" else name]
    if not found:
        raise UserError("This space needs a file; attach one.", error_type="file_missing")
    return found[0]
