"""Reads calls of the OpenAI API: who calls, which body, which try."""

import re
from base64 import b64decode
from typing import Any, Final

import msgspec

from spaces.bootstrap import gateway
from spaces.domain.access.caller import Anonymous, Caller
from spaces.domain.errors import BodyTooLarge, MalformedBody, NotAllowed, UnsupportedMediaType
from spaces.domain.openai.bodies import Call, read_call
from spaces.domain.openai.errors import UnusableField
from spaces.domain.openai.form import read_form
from spaces.domain.request_options import RequestOptions, read_traceparent
from spaces.handlers.rest.caller import address_of
from spaces.handlers.rest.headers import headers_of
from spaces.services.access.identify_key import identify_key
from spaces.services.openai.begin_call import Try
from spaces_protocol.limits import KEY_PREFIX, MAX_IDEMPOTENCY_KEY_CHARS, MAX_SUBMIT_BYTES
from spaces_protocol.model_call import Endpoint
from spaces_protocol.nesting import too_deep

Event = dict[str, Any]

MAX_FORM_BYTES: Final = 6 * 1024**2
"""Lambda takes no larger event ("Lambda quotas"), and files come in Base64: about 4.4 MB of it."""
_TRIES: Final = re.compile(r"\d{1,4}")


def caller_of_call(event: Event) -> Caller:
    """Return the caller. A key that is not one of ours is no key: many clients require one.

    Raises:
        Unauthorized: It is one of ours, but not valid.
    """
    kind, _, secret = headers_of(event).get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and secret.strip().startswith(KEY_PREFIX):
        return identify_key(gateway(), secret.strip())
    return Anonymous(address_of(event))


def try_of(event: Event) -> Try:
    """Return which try of a call this is.

    Raises:
        UnusableField: The Idempotency-Key is too long.
    """
    headers = headers_of(event)
    key = headers.get("idempotency-key")
    if key is not None and not 0 < len(key) <= MAX_IDEMPOTENCY_KEY_CHARS:
        raise UnusableField(
            f"Idempotency-Key must have 1 to {MAX_IDEMPOTENCY_KEY_CHARS} characters.", param=None
        )
    number = headers.get("x-stainless-retry-count", "")
    return Try(key, int(number) if _TRIES.fullmatch(number) else None)


def options_of_call(event: Event) -> RequestOptions:
    """Return the options of a call: where it belongs in its caller's trace."""
    return RequestOptions(traceparent=read_traceparent(headers_of(event).get("traceparent")))


def read_json_call(event: Event, endpoint: Endpoint) -> Call:
    """Read a call whose body is JSON.

    Raises:
        UnsupportedMediaType, BodyTooLarge, MalformedBody, UnusableField: The body is not valid.
    """
    _expect_type(event, "application/json")
    body = _body(event, MAX_SUBMIT_BYTES)
    try:
        return read_call(endpoint, msgspec.json.decode(body))
    except RecursionError as error:
        raise MalformedBody(too_deep("The body")) from error
    except (msgspec.DecodeError, UnicodeError) as error:
        raise MalformedBody(f"The body is not valid JSON: {error}.") from error


def read_form_call(event: Event, endpoint: Endpoint) -> Call:
    """Read a call whose body is a form with a file.

    Raises:
        UnsupportedMediaType, BodyTooLarge, UnusableField: The body is not valid.
        NotAllowed: It may come from a foreign page.
    """
    _expect_type(event, "multipart/form-data")
    _expect_no_foreign_page(event)
    content_type = headers_of(event)["content-type"]
    form = read_form(_body(event, MAX_FORM_BYTES), content_type)
    fields = dict(form.fields)
    if "stream" in fields:
        fields["stream"] = fields["stream"] == "true"
    call = read_call(endpoint, fields)
    if "file" not in form.files:
        raise UnusableField("file is missing.", param="file", code="missing_required_parameter")
    return call._replace(file=form.files["file"])


def _expect_type(event: Event, wanted: str) -> None:
    """Raise unless the body is declared as what it is; see `spaces.handlers.rest.request_body`."""
    given = headers_of(event).get("content-type", "")
    if given.partition(";")[0].strip().lower() != wanted:
        raise UnsupportedMediaType(f"Send the body with the header Content-Type: {wanted}.")


def _expect_no_foreign_page(event: Event) -> None:
    """Raise for a form that a foreign page may send in its visitor's name, without a preflight."""
    headers = headers_of(event)
    if "origin" in headers and "authorization" not in headers:
        raise NotAllowed("A page must send an Authorization header with this call.")


def _body(event: Event, limit: int) -> bytes:
    body: str = event.get("body") or ""
    content = b64decode(body) if event.get("isBase64Encoded") else body.encode("utf-8", "replace")
    if len(content) > limit:
        raise BodyTooLarge(f"The body has {len(content):,} bytes; the limit is {limit:,}.")
    return content
