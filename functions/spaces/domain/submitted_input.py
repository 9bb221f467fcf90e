"""Checks a submitted input against what the space accepts."""

from msgspec import json, to_builtins

from spaces.domain.errors import InvalidInput, PromptTooLarge
from spaces.domain.files.rules import check_number, rules_or_refusal
from spaces.domain.space import Definition
from spaces_protocol.limits import MAX_PARAMS_BYTES
from spaces_protocol.nesting import is_too_deep, too_deep
from spaces_protocol.rest_bodies import SubmittedInput


def check_input(definition: Definition, submitted: SubmittedInput) -> None:
    """Raise unless the space accepts the input; the files themselves are checked elsewhere.

    Raises:
        InvalidInput: A field has an invalid value.
        PromptTooLarge: The prompt is too long.
    """
    if submitted.files:
        check_number(rules_or_refusal(definition), len(submitted.files))
    if submitted.prompt or not submitted.files:
        _check_prompt(definition, submitted.prompt or "")
    _check_params(submitted)


def _check_prompt(definition: Definition, prompt: str) -> None:
    if "prompt" not in definition.features:
        accepts = "does not accept a prompt, only files" if prompt.strip() else "expects files"
        raise InvalidInput(f"This space {accepts}; upload them and list them in input.files.")
    if not prompt.strip():
        raise InvalidInput("input.prompt is empty. Write what the model should answer.")
    _check_size(prompt, definition.max_prompt_bytes)


def _check_size(prompt: str, limit: int) -> None:
    try:
        size = len(prompt.encode())
    except UnicodeEncodeError as error:
        raise InvalidInput(
            "input.prompt contains an invalid character (a lone surrogate)."
        ) from error
    if size > limit:
        raise PromptTooLarge(
            f"input.prompt has {size:,} bytes; this space accepts at most {limit:,}. Shorten it."
        )


def _check_params(submitted: SubmittedInput) -> None:
    if is_too_deep(submitted.params):
        raise InvalidInput(too_deep("input.params"))
    size = len(json.encode(to_builtins(submitted.params)))
    if size > MAX_PARAMS_BYTES:
        raise InvalidInput(
            f"input.params has {size:,} bytes; the limit is {MAX_PARAMS_BYTES:,}. Shorten it."
        )
