"""Answers that do not stream: held back until they are whole, for as long as one call may take."""

import time
from typing import Final
from urllib.parse import urlencode

from spaces.bootstrap import gateway
from spaces.domain.openai.errors import error_of_result
from spaces.handlers.openai.responses import (
    error_response,
    json_response,
    redirect,
    request_id_header,
    text_response,
)
from spaces.services.openai.answer_call import Wanted, answer_of
from spaces.services.requests.wait_for_request import wait_for_request
from spaces_protocol.limits import HOLD_SECONDS
from spaces_protocol.rest_bodies import RequestResult
from streaming_runtime.response import Response

BASE: Final = "/openai/v1"


def whole_answer(wanted: Wanted) -> Response:
    """Return the answer of a request, or send the caller on to where it can go on waiting."""
    result = wait_for_request(gateway(), wanted.request_id, HOLD_SECONDS, sleep=time.sleep)
    headers = request_id_header(wanted.request_id)
    if result.retry_after_ms is not None:
        return redirect(_path_of(wanted), headers)
    return _answered(wanted, result, headers)


def _answered(wanted: Wanted, result: RequestResult, headers: dict[str, str]) -> Response:
    error = error_of_result(result)
    if error is not None:
        return error_response(error, headers)
    answer = answer_of(gateway(), wanted, result)
    if isinstance(answer, str):
        return text_response(answer, headers)
    return json_response(answer, headers=headers)


def _path_of(wanted: Wanted) -> str:
    """Return where to wait for a request; the path says what to make of its result."""
    query = {"response_format": wanted.response_format} if wanted.response_format else {}
    path = f"{BASE}/{wanted.endpoint.replace('.', '/')}/{wanted.request_id}"
    return f"{path}?{urlencode(query)}" if query else path
