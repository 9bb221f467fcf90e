"""Holds answers of the REST API to its own description, as whoever has nothing else would."""

import gzip
import json
import re
from base64 import b64decode
from collections.abc import Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from infra.openapi.document import openapi_document
from infra.openapi.paths import STREAM

ENVELOPE = "application/json"


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(json.dumps(openapi_document()))
    return document


def expect_described(
    method: str,
    path: str,
    status: int,
    headers: Mapping[str, str],
    *,
    answered: bytes,
    sent: bytes | None = None,
) -> None:
    """Fail unless the description says what was answered, and that what was taken may be sent.

    Args:
        method: of the call.
        path: from ``/v1`` on, without a query.
        status: of the answer.
        headers: of the answer.
        answered: its body, not compressed.
        sent: the body of the call; None if it is not known or was not read.
    """
    where = f"{method} {path}: {status} {answered[:300]!r}"
    operation = _operation(method, path)
    if operation is None:
        if _of_the_api(path):
            assert status in (401, 403, 404), f"nothing described answers {where}"
        return
    response = operation["responses"].get(str(status))
    assert response, f"the status is not described: {where}"
    _expect_headers(response, {name.lower(): text for name, text in headers.items()}, where)
    _expect_body(response, answered, where)
    if status < 300 and sent and "requestBody" in operation:
        _expect_valid(operation["requestBody"], json.loads(sent), f"taken, not described: {where}")


def expect_event_described(name: str, data: Any) -> None:
    """Fail unless the description says that an event of a stream has this name and data."""
    answered = _document()["paths"][STREAM]["get"]["responses"]["200"]
    described = answered["content"]["text/event-stream"]["x-events"]
    assert name in described, f"the event is not described: {name}"
    part = {"content": {ENVELOPE: {"schema": described[name]}}}
    _expect_valid(part, data, f"event {name}")


def _of_the_api(path: str) -> bool:
    return path.startswith("/v1/") and path != "/v1/openapi.json"


def _operation(method: str, path: str) -> dict[str, Any] | None:
    method = "get" if method == "HEAD" else method.lower()
    found = [
        methods[method]
        for template, methods in _document()["paths"].items()
        if method in methods and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)
    ]
    return found[0] if found else None


def _expect_headers(response: dict[str, Any], headers: dict[str, str], where: str) -> None:
    for name, told in response.get("headers", {}).items():
        assert name.lower() in headers or not told.get("required"), f"{name} is missing: {where}"
    if "content" in response:
        assert headers["content-type"] == ENVELOPE, where


def _expect_body(response: dict[str, Any], answered: bytes, where: str) -> None:
    if "content" not in response:
        assert not answered, f"a body is not described: {where}"
        return
    body = json.loads(answered)
    _expect_valid(response, body, where)
    if "detail" in body:
        assert f"`{body['error_type']}`" in response["description"], f"not described: {where}"


def _expect_valid(part: dict[str, Any], body: Any, where: str) -> None:
    schema = part["content"][ENVELOPE]["schema"] | {"components": _document()["components"]}
    checker = Draft202012Validator(schema, format_checker=FormatChecker())
    faults = [f"{fault.json_path}: {fault.message}" for fault in checker.iter_errors(body)]
    assert not faults, f"{faults} {where}"


def body_of_event(event: Mapping[str, Any]) -> bytes:
    """Return the body of a function's call or answer, as bytes, not compressed."""
    text = event.get("body") or ""
    content = b64decode(text) if event.get("isBase64Encoded") else text.encode(errors="replace")
    packed = (event.get("headers") or {}).get("Content-Encoding") == "gzip"
    return gzip.decompress(content) if packed else content
