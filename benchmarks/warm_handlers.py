"""The process that `benchmarks.warm` measures: handles events as a warm function does.

Its thread is timed, so neither the emulator nor its distance counts. Time stands still, so that
leases do not end; the last line that it prints has the least seconds of each step as JSON.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final

from benchmarks.busy_queue import join_workers, let_run
from benchmarks.units import KILOBYTE, tables_of
from spaces import bootstrap
from spaces.adapters import aws
from spaces.domain.access.quota import CallerLimits
from spaces.domain.space import Definition
from spaces.handlers import api, offer, progress, result
from spaces.http_routes import route_key_of
from spaces.services.ports.gateway import Sender
from spaces.services.spaces.create_space import create_space
from spaces_protocol.limits import MAX_CAPACITY
from spaces_protocol.request_id import RequestId

RUNS: Final = 25
_SPACE: Final = "warm"
_REQUESTS: Final = f"/v1/spaces/{_SPACE}/requests"

Event = dict[str, Any]
Handler = Callable[[Event, Any], dict[str, Any]]


class Meter:
    """Times handlers.

    Attributes:
        seconds: What each step took, each time.
    """

    def __init__(self) -> None:
        self.seconds: defaultdict[str, list[float]] = defaultdict(list)

    def run(self, step: str, handler: Handler, event: Event) -> Any:
        """Handle an event and return the body of the response, if it has one."""
        start = time.thread_time()
        answer = handler(event, None)
        self.seconds[step].append(time.thread_time() - start)
        if answer["statusCode"] not in (200, 202):
            raise RuntimeError(f"{step}: {answer}")
        return json.loads(answer["body"]) if "body" in answer else None


def measure(count: int) -> dict[str, float]:
    """Return the least seconds of each step beside so many requests that run."""
    started = bootstrap.milliseconds_now()
    bootstrap.milliseconds_now = lambda: started
    meter = Meter()
    with tables_of(aws.dynamodb()):
        senders = _busy_space(count)
        for order in range(RUNS):
            _life_of_a_request(meter, senders, order)
    return {step: min(seconds) for step, seconds in meter.seconds.items()}


def _busy_space(count: int) -> dict[str, Sender]:
    gateway, workers = bootstrap.gateway(), -(-count // MAX_CAPACITY)
    definition = Definition(
        space_id=_SPACE,
        title=_SPACE,
        created_at=0,
        max_workers=workers,
        anonymous_limits=CallerLimits(),
    )
    create_space(gateway, definition)
    senders = join_workers(gateway, _SPACE, workers)
    let_run(gateway, aws.dynamodb(), _SPACE, count - 1)
    return {sender.worker_id: sender for sender in senders}


def _life_of_a_request(meter: Meter, senders: dict[str, Sender], order: int) -> None:
    body = {"input": {"prompt": KILOBYTE}}
    accepted = meter.run("api: submit", api.handler, _http("POST", _REQUESTS, body))
    path = f"{_REQUESTS}/{accepted['request_id']}"
    held = {"request_id": accepted["request_id"], "attempt": 1}
    sender = senders[_worker_of(accepted["request_id"])]
    said = {"action": "progress", **held, "percent": 50.0}
    offered = {"action": "offer", "space": _SPACE, "slots": {"count": 64, "order": order}}
    ended = {"action": "result", **held, "status": "completed", "output": {"text": KILOBYTE}}
    meter.run("api: poll", api.handler, _http("GET", f"{path}/status"))
    meter.run("api: view of the space", api.handler, _http("GET", f"/v1/spaces/{_SPACE}"))
    meter.run("progress", progress.handler, _message(sender, said))
    meter.run("offer", offer.handler, _message(sender, offered))
    meter.run("result", result.handler, _message(sender, ended))
    meter.run("api: fetch", api.handler, _http("GET", path))


def _worker_of(request_id: str) -> str:
    named, queue = RequestId.parse(request_id), bootstrap.gateway().spaces.read_queue(_SPACE)
    assert named is not None
    assert queue is not None
    return queue.running[named.ticket].worker_id


def _http(method: str, path: str, body: object = None) -> Event:
    """Return an event of payload format 2.0."""
    route_key = route_key_of(method, path)
    return {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json"},
        "requestContext": {
            "http": {"method": method, "path": path, "sourceIp": "192.0.2.1"},
            "requestId": "measured",
            "stage": "$default",
            "routeKey": route_key,
        },
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }


def _message(sender: Sender, body: object) -> Event:
    return {
        "requestContext": {
            "authorizer": {
                "worker_id": sender.worker_id,
                "token_id": sender.token_id,
                "spaces": _SPACE,
            },
            "connectionId": sender.connection_id,
            "connectedAt": sender.connected_at,
            "requestId": "measured",
        },
        "body": json.dumps(body),
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
