"""Submits a call: whole to a space that takes calls, as prompt and params to another."""

import hashlib
from collections.abc import Mapping
from functools import partial
from typing import Any, Final, NamedTuple, cast

from msgspec import json

from spaces.domain.access.caller import Anonymous, Caller
from spaces.domain.errors import EndpointNotServed
from spaces.domain.files.attachment import Attachment
from spaces.domain.files.rules import file_rules
from spaces.domain.openai.bodies import Call, ChatBody, CompletionBody, ImageBody, TranscriptionBody
from spaces.domain.openai.errors import UnusableField
from spaces.domain.openai.form import typed_fields
from spaces.domain.openai.plain_answers import FORMATS_OF_TEXT, IMAGE_FORMATS, check_choice
from spaces.domain.openai.prompt_params import params_of
from spaces.domain.openai.prompts import prompt_of_chat, prompt_of_completion
from spaces.domain.request_options import RequestOptions
from spaces.domain.space import Definition
from spaces.domain.timing import SECOND
from spaces.services.access.find_space import find_space
from spaces.services.files.store_attachments import store_attachments, uploads_of
from spaces.services.ports.declaration_store import Declaration
from spaces.services.ports.gateway import Gateway
from spaces.services.requests.idempotency import SubmitKey
from spaces.services.requests.submit_request import Accepted, submit_request
from spaces_protocol.rest_bodies import SubmittedCall, SubmittedInput

REPEATED_WITHIN: Final = 10 * 60 * SECOND
"""How long a repeat by an official client finds the request of its first try."""
_WITHOUT_CALLS: Final = frozenset(
    {"chat.completions", "completions", "images.generations", "audio.transcriptions"}
)


class Try(NamedTuple):
    """Which try of a call this is.

    Attributes:
        key: The caller's own Idempotency-Key.
        number: How often the client has tried before; None if it does not say.
    """

    key: str | None = None
    number: int | None = None


class _Mapped(NamedTuple):
    """What a space gets of a call."""

    attachments: list[Attachment]
    prompt: str | None = None
    params: Mapping[str, Any] = {}
    call: SubmittedCall | None = None


def begin_call(
    gateway: Gateway, call: Call, caller: Caller, attempt: Try, options: RequestOptions
) -> Accepted:
    """Store a request for a call and dispatch it if a worker is free.

    Raises:
        UnusableField: A field asks for what the space cannot do.
        SpaceError: As `submit_request`.
    """
    definition = find_space(gateway, call.model, caller).definition
    mapped = _map(definition, gateway.declarations.find(call.model), call)
    _expect_files_are_accepted(definition, mapped.attachments)
    key = _key(call, caller, attempt)
    files = uploads_of(mapped.attachments, caller, key.text if key else gateway.random_text())
    submitted = SubmittedInput(
        prompt=mapped.prompt, params=dict(mapped.params), call=mapped.call, files=files
    )
    try:
        return submit_request(
            gateway,
            call.model,
            submitted,
            options=options,
            idempotency_key=key,
            caller=caller,
            store_files=partial(
                store_attachments, gateway, definition, mapped.attachments, files, caller
            ),
        )
    except EndpointNotServed as error:
        code = str(error.error_type)
        raise UnusableField(error.detail, param="model", code=code) from error


def _expect_files_are_accepted(definition: Definition, attachments: list[Attachment]) -> None:
    if attachments and file_rules(definition) is None:
        raise UnusableField(
            f"The space {definition.space_id!r} does not accept files. Send only text.",
            param=None,
            code="unsupported_content",
        )


def _map(definition: Definition, declared: Declaration, call: Call) -> _Mapped:
    """Map a call; a space that takes calls and prompts gets what its worker declared."""
    takes_calls = "call" in definition.features
    takes_prompts = call.endpoint in _WITHOUT_CALLS and definition.features != ("call",)
    if takes_calls and (call.endpoint in declared.endpoints or not takes_prompts):
        files = [call.file] if call.file else []
        return _Mapped(files, call=SubmittedCall(endpoint=call.endpoint, body=_body(call)))
    schema = declared.params_schema or {}
    known = schema.get("properties")
    return _BY_ENDPOINT[call.endpoint](call, known if isinstance(known, dict) else {})


def _body(call: Call) -> dict[str, Any]:
    """Return the body for the worker; it always streams completions, and never anything else."""
    if call.file is None:
        return call.fields
    return {name: value for name, value in call.fields.items() if name != "stream"}


def _conversation(call: Call, known: Mapping[str, Any]) -> _Mapped:
    prompt, attachments = prompt_of_chat(cast("ChatBody", call.read))
    return _Mapped(attachments, prompt or None, params_of(call.fields, known))


def _completion(call: Call, known: Mapping[str, Any]) -> _Mapped:
    prompt, attachments = prompt_of_completion(cast("CompletionBody", call.read))
    return _Mapped(attachments, prompt, params_of(call.fields, known))


def _image(call: Call, known: Mapping[str, Any]) -> _Mapped:
    body = cast("ImageBody", call.read)
    check_choice("response_format", body.response_format, IMAGE_FORMATS)
    own = frozenset({"response_format"})
    return _Mapped([], body.prompt, params_of(call.fields, known, without=own))


def _transcription(call: Call, known: Mapping[str, Any]) -> _Mapped:
    body = cast("TranscriptionBody", call.read)
    check_choice("response_format", body.response_format, FORMATS_OF_TEXT)
    own = frozenset({"response_format", "prompt"})
    params = params_of(typed_fields(call.fields, known), known, without=own)
    return _Mapped([call.file] if call.file else [], body.prompt or None, params)


def _embedding(call: Call, _known: Mapping[str, Any]) -> _Mapped:
    raise UnusableField(
        f"The space {call.model!r} gives no embeddings: it takes only prompts.",
        param="model",
        code="endpoint_not_served",
    )


_BY_ENDPOINT: Final = {
    "chat.completions": _conversation,
    "completions": _completion,
    "images.generations": _image,
    "audio.transcriptions": _transcription,
    "embeddings": _embedding,
}


def _key(call: Call, caller: Caller, attempt: Try) -> SubmitKey | None:
    """Return under which key a repeat finds the request; None if the client never repeats.

    The official clients repeat a call without a key of their own, and say how often.
    """
    if attempt.key is not None:
        return SubmitKey(attempt.key)
    if attempt.number is None:
        return None
    of = caller.address if isinstance(caller, Anonymous) else ""
    digest = hashlib.sha256(f"{of}\n{call.endpoint}\n".encode())
    digest.update(json.encode(call.fields, order="sorted"))
    if call.file:
        digest.update(call.file.content)
    text = f"call\n{digest.hexdigest()}"
    return SubmitKey(text, overwrites=attempt.number == 0, lifetime=REPEATED_WITHIN)
