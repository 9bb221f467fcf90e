"""The calls of the API: addresses, headers and bodies."""

import random
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlencode

import msgspec

from spaces_client._core.effects import Call
from spaces_client._version import AGENT

HOLD_SECONDS: Final = 25
"""How long the gateway holds one call that waits, at most."""
_SLACK_SECONDS: Final = 15
"""How much longer a call may take than the gateway holds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """A gateway, and who calls it.

    Attributes:
        address: its address, without ``/v1``.
        key: an API key, ``wsk_…``.
        access_token: the access token of a signed-in user, instead of a key.
        timeout: of each step of a call, in seconds.
        clock: seconds that only grow.
        chance: random numbers from 0 to 1.
        new_key: makes Idempotency-Keys.
    """

    address: str
    key: str | None = field(default=None, repr=False)
    access_token: str | None = field(default=None, repr=False)
    timeout: float = 30.0
    clock: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random
    new_key: Callable[[], str] = lambda: uuid.uuid4().hex

    def spaces(self) -> Call:
        """List the spaces."""
        return self._call("GET", f"{self._root}/spaces")

    def space(self, space: str) -> Call:
        """Describe a space."""
        return self._call("GET", f"{self._root}/spaces/{quote(space, safe='')}")

    def submit(self, space: str, body: bytes, idempotency_key: str) -> Call:
        """Submit a request."""
        path = f"{self._root}/spaces/{quote(space, safe='')}/requests"
        return self._call("POST", path, body, {"idempotency-key": idempotency_key})

    def status(self, request_id: str, after: str | None = None) -> Call:
        """Ask for the status, and for what was written after a cursor."""
        query = {"deltas": "true"} | ({"after": after} if after else {})
        return self._call("GET", f"{_path_of(request_id)}/status?{urlencode(query)}")

    def result(self, request_id: str) -> Call:
        """Ask for the result."""
        return self._call("GET", _path_of(request_id))

    def hold(self, request_id: str, seconds: int) -> Call:
        """Ask for the result, to be answered once there is one or the time is over."""
        path = f"{_path_of(request_id)}/wait?seconds={seconds}"
        return self._call("GET", path, timeout=max(self.timeout, HOLD_SECONDS + _SLACK_SECONDS))

    def stream(self, request_id: str, after: str | None) -> Call:
        """Ask for the event stream."""
        resume = {"last-event-id": after} if after else {}
        path = _path_of(request_id).replace("/v1/", "/v1/stream/", 1)
        return self._call("GET", path, headers={"accept": "text/event-stream", **resume})

    def cancel(self, request_id: str) -> Call:
        """Cancel a request."""
        return self._call("PUT", f"{_path_of(request_id)}/cancel")

    def delete(self, request_id: str) -> Call:
        """Delete an ended request and its files."""
        signed_in = f"/v1/me/requests/{quote(request_id, safe='')}"
        return self._call("DELETE", signed_in if self.access_token else _path_of(request_id))

    def history(self, query: Mapping[str, str]) -> Call:
        """List the requests of a signed-in user."""
        return self._call("GET", f"/v1/me/requests?{urlencode(query)}")

    def webhook_secret(self) -> Call:
        """Ask for the secret with which webhooks of the API key are signed."""
        return self._call("GET", "/v1/webhook-secret")

    def uploads(self, body: Mapping[str, Any]) -> Call:
        """Announce a file."""
        return self._call("POST", f"{self._root}/uploads", msgspec.json.encode(body))

    def upload_step(self, upload_id: str, step: str, body: Mapping[str, str]) -> Call:
        """Ask for parts of a file, or put them together."""
        path = f"{self._root}/uploads/{quote(upload_id, safe='')}/{step}"
        return self._call("POST", path, msgspec.json.encode(body))

    @property
    def _root(self) -> str:
        return "/v1/me" if self.access_token else "/v1"

    def _call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> Call:
        secret = self.access_token or self.key
        sent = {"accept": "application/json", "user-agent": AGENT, **(headers or {})}
        if secret:
            sent["authorization"] = f"Bearer {secret}"
        if body is not None:
            sent["content-type"] = "application/json"
        return Call(
            method=method,
            url=f"{self.address}{path}",
            headers=sent,
            content=body,
            timeout=timeout or self.timeout,
        )


def _path_of(request_id: str) -> str:
    space = request_id.partition(".")[0]
    return f"/v1/spaces/{quote(space, safe='')}/requests/{quote(request_id, safe='')}"
