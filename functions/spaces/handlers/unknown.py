"""Route ``$default`` of the socket: unknown actions."""

from spaces.domain.errors import InvalidInput
from spaces.handlers.message_budget import Budget
from spaces.handlers.socket_route import socket_route
from spaces.services.ports.gateway import Gateway, Sender
from spaces_protocol.worker_messages import WorkerMessage


def _refuse(_gateway: Gateway, _sender: Sender, message: WorkerMessage) -> None:
    action = message.__struct_config__.tag
    raise InvalidInput(f"The action {action!r} was not recognised. Send it once, as plain text.")


handler = socket_route(WorkerMessage, _refuse, Budget(10, 0.1))
