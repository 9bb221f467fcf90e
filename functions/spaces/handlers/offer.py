"""Route ``offer`` of the socket."""

from spaces.handlers.message_budget import Budget
from spaces.handlers.socket_route import socket_route
from spaces.services.workers.offer_slots import offer_slots
from spaces_protocol.worker_messages import Offer

handler = socket_route(Offer, offer_slots, Budget(200, 100))
