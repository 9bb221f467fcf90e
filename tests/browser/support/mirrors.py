"""Functions for a worker of the browser tests that give back all that came in, in one word."""

import json
from base64 import urlsafe_b64encode
from dataclasses import asdict, dataclass
from typing import Any

from spaces_worker import RequestContext, Result


@dataclass
class Options:
    """Options of a space."""

    mode: str = "fast"
    beam: int = 1


def mirror(prompt: str, params: Options, context: RequestContext) -> str:
    """Give back prompt, options and the contents of the files."""
    files = [file.read_bytes().decode("latin-1") for file in context.files]
    return _in_one_word({"prompt": prompt, "params": asdict(params), "files": files})


def mirror_talk(messages: list[dict[str, Any]], params: dict[str, Any]) -> str:
    """Give back a conversation and the fields of the call."""
    return _in_one_word({"messages": messages, "temperature": params.get("temperature")})


def _in_one_word(value: dict[str, Any]) -> str:
    """Return what no quotes, escapes or wrapping can change."""
    return f"heard:{urlsafe_b64encode(json.dumps(value).encode()).decode()}:"


def give_back(prompt: str, context: RequestContext) -> Result:
    """Give back prompt and files."""
    return Result(text=prompt, files=[file.path() for file in context.files])
