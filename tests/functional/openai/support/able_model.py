"""A worker's script that calls tools and answers in JSON, as a model does that is able to."""

import json
import re

USAGE = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}


def able_model(request):
    """Stream the answer to a chat, and end with it as a whole."""
    message = _message(request.input.call.body)
    finish = "tool_calls" if "tool_calls" in message else "stop"
    for delta in _deltas(message):
        yield [_chunk(delta)]
    yield [_chunk({}, finish)]
    choice = {"index": 0, "message": message, "finish_reason": finish}
    yield {"output": {"text": message["content"], "data": {"choices": [choice], "usage": USAGE}}}


def _message(body):
    last = body["messages"][-1]
    said = {"role": "assistant", "content": ""}
    if tool := _chosen_tool(body, last):
        arguments = json.dumps(_filled(tool["parameters"], last), ensure_ascii=False)
        called = {"name": tool["name"], "arguments": arguments}
        return {**said, "tool_calls": [{"id": "call_1", "type": "function", "function": called}]}
    return {**said, "content": _text(body.get("response_format") or {}, last)}


def _chosen_tool(body, last):
    tools = [tool["function"] for tool in body.get("tools") or []]
    choice = body.get("tool_choice") or ("auto" if last["role"] == "user" else "none")
    if not tools or choice == "none":
        return None
    if isinstance(choice, dict):
        return next(tool for tool in tools if tool["name"] == choice["function"]["name"])
    return tools[0]


def _text(response_format, last):
    if response_format.get("type") == "json_schema":
        return json.dumps(_filled(response_format["json_schema"]["schema"], last))
    if response_format.get("type") == "json_object":
        return json.dumps(dict.fromkeys(_quoted(last), "Hello"))
    return "Hello"


def _filled(schema, last):
    """Return the smallest value of a schema; a text is what the question has in quotes."""
    if schema.get("type") == "object":
        required = schema.get("required", [])
        return {name: _filled(schema["properties"][name], last) for name in required}
    if schema.get("type") == "string":
        return (_quoted(last) or ["Hello"])[0]
    return schema.get("enum", [3])[0] if schema.get("type") in ("integer", "number") else None


def _quoted(message):
    content = message["content"]
    return re.findall(r"'(\w+)'", content if isinstance(content, str) else json.dumps(content))


def _deltas(message):
    yield {"role": "assistant", "content": ""}
    for call in message.get("tool_calls", []):
        arguments = call["function"]["arguments"]
        begun = {"name": call["function"]["name"], "arguments": ""}
        yield {"tool_calls": [{"index": 0, **call, "function": begun}]}
        for piece in (arguments[:2], arguments[2:]):
            yield {"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}
    if message["content"]:
        yield {"content": message["content"][:2]}
        yield {"content": message["content"][2:]}


def _chunk(delta, finish=None):
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"object": "chat.completion.chunk", "choices": [choice]}
