"""Ways to wait for a result of the gateway; each returns seconds by what was waited for."""

import json
import time
from typing import Any, Final

import httpx

PROMPT: Final = "hello"
_BODY: Final = {"input": {"prompt": PROMPT}}
Timings = dict[str, float]


class Gateway:
    """A caller of one space.

    Args:
        api_url: Base address of the API.
        openai_url: Base address of the OpenAI-compatible paths.
        space: The space.
    """

    def __init__(self, api_url: str, openai_url: str, space: str) -> None:
        self._api, self._openai, self._space = api_url, openai_url, space
        self._http = httpx.Client(trust_env=False, timeout=60)

    def poll_as_told(self) -> Timings:
        """Submit, and ask for the result after as long as each response says."""
        return self._poll(obeys=True)

    def ask_at_once(self) -> Timings:
        """Submit, and ask for the result again and again without a pause: the fastest way."""
        return self._poll(obeys=False)

    def prefer_to_wait(self) -> Timings:
        """Submit with ``Prefer: wait`` and follow the redirects."""
        began = time.perf_counter()
        response = self._http.post(
            self._submit_url, json=_BODY, headers={"Prefer": "wait=60"}, follow_redirects=True
        )
        return {"prefer wait": _checked(response.json(), began)}

    def stream(self) -> Timings:
        """Stream a chat completion."""
        call = {
            "model": self._space,
            "stream": True,
            "messages": [{"role": "user", "content": PROMPT}],
        }
        began, first, text = time.perf_counter(), None, ""
        url = f"{self._openai}/chat/completions"
        with self._http.stream("POST", url, json=call) as response:
            for line in response.iter_lines():
                if not line.startswith("data: ") or line == "data: [DONE]":
                    continue
                choices = json.loads(line.removeprefix("data: "))["choices"]
                piece = choices[0]["delta"].get("content") if choices else None
                if piece and first is None:
                    first = time.perf_counter() - began
                text += piece or ""
        assert text == PROMPT, text
        assert first is not None
        return {"stream, first text": first, "stream, whole": time.perf_counter() - began}

    @property
    def _submit_url(self) -> str:
        return f"{self._api}/v1/spaces/{self._space}/requests"

    def _poll(self, *, obeys: bool) -> Timings:
        began = time.perf_counter()
        told = self._http.post(self._submit_url, json=_BODY).json()
        url = f"{self._api}{told['response_url']}"
        while told.get("retry_after_ms") is not None:
            time.sleep(told["retry_after_ms"] / 1000 if obeys else 0)
            told = self._http.get(url).json()
        return {"polling as told" if obeys else "asked at once": _checked(told, began)}


def _checked(result: dict[str, Any], began: float) -> float:
    elapsed = time.perf_counter() - began
    assert result["output"]["text"] == PROMPT, result
    return elapsed
