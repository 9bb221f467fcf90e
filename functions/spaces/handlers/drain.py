"""Route ``drain`` of the socket."""

from spaces.handlers.message_budget import Budget
from spaces.handlers.socket_route import socket_route
from spaces.services.ports.gateway import Gateway, Sender
from spaces.services.workers.drain_worker import drain_worker
from spaces_protocol.worker_messages import Drain


def _drain(gateway: Gateway, sender: Sender, _message: Drain) -> None:
    drain_worker(gateway, sender)


handler = socket_route(Drain, _drain, Budget(10, 0.1))
