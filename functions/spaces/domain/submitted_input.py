"""Checks a submitted input against what the space accepts."""

from msgspec import json

from spaces.domain.errors import InputTooLarge, InvalidInput
from spaces.domain.files.rules import check_number, rules_or_refusal
from spaces.domain.space import Definition
from spaces_protocol.gateway_messages import InputBody
from spaces_protocol.nesting import is_too_deep, too_deep
from spaces_protocol.rest_bodies import SubmittedInput


def check_input(definition: Definition, submitted: SubmittedInput) -> None:
    """Raise unless the space accepts the input; files and endpoint are checked elsewhere.

    Raises:
        InvalidInput: A field has an invalid value.
        InputTooLarge: Prompt, params and call together are too large.
    """
    if submitted.files:
        check_number(rules_or_refusal(definition), len(submitted.files))
    if submitted.call is not None:
        _check_call(definition, submitted)
    elif submitted.prompt or not submitted.files:
        _check_prompt(definition, submitted.prompt or "")
    if is_too_deep(submitted.params):
        raise InvalidInput(too_deep("input.params"))
    _check_size(definition, submitted)


def body_of(submitted: SubmittedInput) -> bytes:
    """Return the input without its files as JSON; this is what its size means.

    Raises:
        InvalidInput: A text in it is not valid Unicode.
    """
    body = InputBody(prompt=submitted.prompt or None, params=submitted.params, call=submitted.call)
    try:
        return json.encode(body)
    except UnicodeEncodeError as error:
        raise InvalidInput("input contains an invalid character (a lone surrogate).") from error


def _check_call(definition: Definition, submitted: SubmittedInput) -> None:
    if "call" not in definition.features:
        raise InvalidInput("This space does not accept calls. Send input.prompt, not input.call.")
    for name in ("prompt", "params"):
        if getattr(submitted, name):
            raise InvalidInput(
                f"input.call and input.{name} cannot be sent together. Put everything for the "
                "model into input.call.body."
            )
    if is_too_deep(submitted.call.body if submitted.call else None):
        raise InvalidInput(too_deep("input.call.body"))


def _check_prompt(definition: Definition, prompt: str) -> None:
    if "prompt" not in definition.features:
        accepts = "does not accept a prompt" if prompt.strip() else "needs an input"
        raise InvalidInput(f"This space {accepts}. {_expected(definition)}")
    if not prompt.strip():
        raise InvalidInput("input.prompt is empty. Write what the model should answer.")


def _expected(definition: Definition) -> str:
    if "call" in definition.features:
        return "Send a call of the OpenAI API in input.call."
    return "It expects files; upload them and list them in input.files."


def _check_size(definition: Definition, submitted: SubmittedInput) -> None:
    size, limit = len(body_of(submitted)), definition.max_input_bytes
    if size > limit:
        raise InputTooLarge(
            f"input has {size:,} bytes of JSON; this space accepts at most {limit:,} for prompt, "
            "params and call together. Shorten it."
        )
