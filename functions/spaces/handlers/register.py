"""Route ``register`` of the socket."""

from spaces.handlers.message_budget import Budget
from spaces.handlers.socket_route import socket_route
from spaces.services.workers.register_worker import register_worker
from spaces_protocol.worker_messages import Register

handler = socket_route(Register, register_worker, Budget(20, 0.2))
