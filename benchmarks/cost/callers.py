"""Callers of a run of mixed requests: each kind submits and waits in its own way."""

import time
from collections.abc import Callable
from typing import Any, Final

import httpx

_PATIENCE: Final = 300
Kinds = dict[str, Callable[[], None]]
"""What does one request, by its kind."""


class Callers:
    """Calls the gateway of a local cloud.

    Args:
        api_url: base address of the API.
        stream_url: base address of streams.
        key: an API key, for webhooks.
        receiver: address that takes webhooks.
    """

    def __init__(self, api_url: str, stream_url: str, key: str, receiver: str) -> None:
        self._http = httpx.Client(
            base_url=api_url,
            trust_env=False,
            timeout=_PATIENCE,
            limits=httpx.Limits(max_connections=32),
        )
        self._stream_url, self._key, self._receiver = stream_url, key, receiver

    def kinds(self) -> Kinds:
        """Return what does one request, by its kind."""
        return {
            "polled": lambda: self._polled("plain", prompt="hello"),
            "waited": self._waited,
            "streamed": self._streamed,
            "with a file": self._with_file,
            "with a webhook": self._with_webhook,
            "cancelled": self._cancelled,
            "failed": lambda: self._polled("plain", prompt="fail"),
        }

    def _submit(self, space: str, headers: dict[str, str] | None = None, **body: Any) -> Any:
        path = f"/v1/spaces/{space}/requests"
        response = self._http.post(path, json=body, headers=headers, follow_redirects=True)
        assert response.is_success, response.text
        return response.json()

    def _polled(self, space: str, headers: dict[str, str] | None = None, **given: Any) -> None:
        body = {"input": given} | ({"webhook": given.pop("webhook")} if "webhook" in given else {})
        told = accepted = self._submit(space, headers, **body)
        while told.get("retry_after_ms") is not None:
            time.sleep(told["retry_after_ms"] / 1000)
            told = self._http.get(accepted["status_url"]).json()
        self._http.get(accepted["response_url"])

    def _waited(self) -> None:
        self._submit("plain", {"Prefer": "wait=60"}, input={"prompt": "hello"})

    def _streamed(self) -> None:
        told = self._submit("text", input={"prompt": "hello"})
        url = f"{self._stream_url}/spaces/text/requests/{told['request_id']}"
        with self._http.stream("GET", url) as response:
            assert "event: done" in "".join(response.iter_text())

    def _with_file(self) -> None:
        asked = {"space": "plain", "name": "a.txt", "content_type": "text/plain", "size": 4}
        told = self._http.post("/v1/uploads", json=asked).json()
        self._http.post(told["url"], data=told["fields"], files={"file": b"abcd"})
        self._polled("plain", prompt="hello", files=[{"upload_id": told["upload_id"]}])

    def _with_webhook(self) -> None:
        headers = {"Authorization": f"Bearer {self._key}"}
        self._polled("plain", headers, prompt="hello", webhook={"url": self._receiver})

    def _cancelled(self) -> None:
        told = self._submit("plain", input={"prompt": "hello"})
        assert self._http.put(told["cancel_url"]).is_success
