"""Answers to calls of every endpoint, complete enough for strict readers."""

USAGE = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}


def any_answer(request):
    """Answer a call as its endpoint does."""
    yield {"output": _ANSWERS[request.input.call.endpoint]}


def _choice(**said):
    return {"index": 0, **said, "finish_reason": "stop", "logprobs": None}


_ANSWERS = {
    "chat.completions": {
        "text": "Hello",
        "data": {
            "choices": [
                _choice(message={"role": "assistant", "content": "Hello", "refusal": None})
            ],
            "usage": USAGE,
        },
    },
    "completions": {"data": {"choices": [_choice(text="Hello")], "usage": USAGE}},
    "embeddings": {
        "data": {
            "object": "list",
            "data": [{"object": "embedding", "index": 0, "embedding": [0.5, -0.5]}],
            "usage": {"prompt_tokens": 3, "total_tokens": 3},
        }
    },
    "audio.transcriptions": {
        "text": "Hello",
        "data": {"text": "Hello", "usage": {"type": "duration", "seconds": 1}},
    },
    "images.generations": {"data": {"created": 5, "data": [{"url": "https://example.org/a.png"}]}},
}
