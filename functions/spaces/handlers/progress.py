"""Route ``progress`` of the socket."""

from spaces.handlers.message_budget import Budget
from spaces.handlers.socket_route import socket_route
from spaces.services.workers.record_progress import record_progress
from spaces_protocol.worker_messages import Progress

handler = socket_route(Progress, record_progress, Budget(1_000, 200))
