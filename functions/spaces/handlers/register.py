"""Route ``register`` of the socket."""

from spaces.handlers.socket_route import socket_route
from spaces.services.workers.register_worker import register_worker
from spaces_protocol.worker_messages import Register

handler = socket_route(Register, register_worker)
