"""Reads definitions that earlier versions stored."""

from typing import Final

import msgspec
from msgspec.structs import replace

from spaces.domain.space import Definition

_FORMER_DEFAULT: Final = 24 * 1024


class _Limits(msgspec.Struct):
    """The limits of an input, now and formerly, when it was a limit of the prompt alone."""

    max_input_bytes: int | None = None
    max_prompt_bytes: int | None = None


def read_definition(stored: str) -> Definition:
    """Return a definition; a limit of prompts that an administrator lowered is one of inputs."""
    definition = msgspec.json.decode(stored, type=Definition)
    limits = msgspec.json.decode(stored, type=_Limits)
    if limits.max_input_bytes is not None or limits.max_prompt_bytes is None:
        return definition
    if limits.max_prompt_bytes >= _FORMER_DEFAULT:
        return definition
    return replace(definition, max_input_bytes=limits.max_prompt_bytes)
