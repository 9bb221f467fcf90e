"""Prices of what workers do."""

from typing import Any

from benchmarks.actions.meter import Meter, add_space, add_worker
from benchmarks.actions.price import PER_SOCKET, PER_TOKEN
from spaces.services.access.issue_credential import digest_of, issue_credential
from spaces.services.ports.gateway import Sender
from spaces.services.workers.drain_worker import drain_worker
from spaces.services.workers.open_connection import identify_worker, open_connection
from spaces.services.workers.register_worker import register_worker
from spaces_protocol.limits import (
    MAX_ALL_PARAMS_SCHEMAS_BYTES,
    MAX_PARAMS_SCHEMA_BYTES,
    MAX_SPACES_PER_WORKER,
)
from spaces_protocol.worker_messages import (
    Register,
)


def price_workers(meter: Meter) -> None:
    """Price handshakes, registrations and drains."""
    gateway = meter.gateway
    names = [f"space-{number:02}" for number in range(MAX_SPACES_PER_WORKER)]
    for name in names:
        add_space(gateway, name)
    secret = issue_credential(gateway, "token", names).secret
    sender = Sender("c-many", gateway.now(), "many", "t2", frozenset(names))

    def connect() -> None:
        identify_worker(gateway, token=secret, worker_id="many")
        open_connection(gateway, sender, digest_of(secret))

    meter.price("handshake, first of the hour", PER_TOKEN, connect)
    meter.price("handshake, a later one", PER_TOKEN, connect)
    wide = MAX_ALL_PARAMS_SCHEMAS_BYTES // MAX_PARAMS_SCHEMA_BYTES

    def register(text: str) -> None:
        fields = {"a": {"title": text * (MAX_PARAMS_SCHEMA_BYTES - 200)}}
        declared: dict[str, Any] = {"type": "object", "properties": fields}
        message = Register(
            spaces=names, session="s", params_schemas=dict.fromkeys(names[:wide], declared)
        )
        register_worker(gateway, sender, message)

    meter.price("register, 20 spaces, 40 KB of new schemas", PER_SOCKET, lambda: register("x"))
    meter.price("register, the same again", PER_SOCKET, lambda: register("x"))
    meter.price("drain, 20 spaces", PER_SOCKET, lambda: drain_worker(gateway, sender))
    add_worker(gateway, "one", names[0])
    meter.price("register, one space", PER_SOCKET, lambda: add_worker(gateway, "one", names[0]))
