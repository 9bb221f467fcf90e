"""The answer of a function to a call, in the form of the OpenAI API."""

import dataclasses
import time
from collections.abc import Mapping
from typing import Any, Final

from spaces_protocol.worker_messages import Usage
from spaces_worker._functions.context import RequestContext
from spaces_worker._functions.result import Result
from spaces_worker._functions.result_fields import encode_data

_FINISH: Final = "finish_reason"


def as_answer(result: Result, context: RequestContext) -> Result:
    """Return the result of a function as the answer to its request.

    The data of the answer to a call is the whole object that the endpoint of the OpenAI API
    returns. Data of the function is its text if it has no other, and an additional field of the
    object otherwise; data that only names a finish reason sets that. Data that is such an object
    is the answer as it is.
    """
    if context.call is None:
        return _without_message(result)
    is_chat = context.call.endpoint == "chat.completions"
    kind = "chat.completion" if is_chat else "text_completion"
    if isinstance(result.data, Mapping) and result.data.get("object") == kind:
        return dataclasses.replace(result, text=_text_in(result), message=None)
    text = _text_of(result)
    said: dict[str, Any] = {"message": _message(result, text)} if is_chat else {"text": text or ""}
    choice = {"index": 0, **said, "logprobs": None, _FINISH: _finish_reason(result)}
    whole = {
        "id": f"{'chatcmpl' if is_chat else 'cmpl'}-{context.request_id}",
        "object": kind,
        "created": int(time.time()),
        "model": result.model or context.space,
        "choices": [choice],
        **_usage(result),
        **_extra(result),
    }
    return dataclasses.replace(result, text=text, data=whole, message=None)


def _without_message(result: Result) -> Result:
    """Return the result for a person: the text of its message and, as data, what else it says."""
    message = result.message
    if message is None:
        return result
    data = message if result.data is None and message.keys() - {"role", "content"} else result.data
    return dataclasses.replace(result, text=_text_of(result), data=data, message=None)


def _text_in(result: Result) -> str | None:
    """Return the text of a result whose data is the whole answer."""
    choices = result.data.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    if result.text is not None or not isinstance(first, Mapping):
        return result.text
    message = first.get("message")
    text = message.get("content") if isinstance(message, Mapping) else first.get("text")
    return text if isinstance(text, str) else None


def _text_of(result: Result) -> str | None:
    if result.text is not None:
        return result.text
    if result.message is not None:
        content = result.message.get("content")
        return content if isinstance(content, str) else None
    if result.data is None or _named_finish(result) is not None:
        return None
    return encode_data(result.data).decode()


def _message(result: Result, text: str | None) -> dict[str, Any]:
    given = {"content": text} if result.message is None or result.text is not None else {}
    return {"role": "assistant", "content": None, **(result.message or {}), **given}


def _named_finish(result: Result) -> str | None:
    data = result.data
    named = data.get(_FINISH) if isinstance(data, Mapping) and len(data) == 1 else None
    return named if isinstance(named, str) else None


def _finish_reason(result: Result) -> str:
    calls_tools = bool(result.message and result.message.get("tool_calls"))
    return _named_finish(result) or ("tool_calls" if calls_tools else "stop")


def _usage(result: Result) -> dict[str, Any]:
    usage = result.usage
    if not isinstance(usage, Usage):
        return {}
    read, written = usage.input_tokens or 0, usage.output_tokens or 0
    total = read + written if usage.total_tokens is None else usage.total_tokens
    counts = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": total}
    return {"usage": counts}


def _extra(result: Result) -> dict[str, Any]:
    is_said = result.text is None and result.message is None
    if result.data is None or is_said or _named_finish(result) is not None:
        return {}
    return {"data": result.data}
