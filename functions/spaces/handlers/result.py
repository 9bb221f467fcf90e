"""Route ``result`` of the socket."""

from spaces.handlers.message_budget import Budget
from spaces.handlers.socket_route import socket_route
from spaces.services.workers.commit_result import commit_result
from spaces_protocol.worker_messages import Result

handler = socket_route(Result, commit_result, Budget(500, 100))
