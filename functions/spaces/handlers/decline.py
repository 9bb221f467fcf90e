"""Route ``decline`` of the socket."""

from spaces.handlers.message_budget import Budget
from spaces.handlers.socket_route import socket_route
from spaces.services.workers.decline_request import decline_request
from spaces_protocol.worker_messages import Decline

handler = socket_route(Decline, decline_request, Budget(300, 100))
