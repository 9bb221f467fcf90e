"""Gives a worker its places in the spaces it asks for, and the requests that it missed."""

from typing import Final

from spaces.domain.errors import UnsupportedProtocol
from spaces.domain.timing import SECOND
from spaces.services.dispatch.advance import advance
from spaces.services.dispatch.change_queue import compose
from spaces.services.dispatch.deliver import current_dispatch, deliver, post_request
from spaces.services.ports.gateway import Gateway, Sender
from spaces.services.timestamps import timestamp
from spaces.services.workers.join_space import Joined, OutdatedConnection, Refused, join_space
from spaces.services.workers.store_declaration import store_declaration
from spaces_protocol import gateway_messages as messages
from spaces_protocol.limits import (
    LEASE_SECONDS,
    PING_SECONDS,
    PROTOCOL_VERSION,
    RENEW_BEFORE_SECONDS,
)
from spaces_protocol.request_id import RequestId
from spaces_protocol.worker_messages import InFlight, Register

InFlightBySpace = dict[str, dict[int, InFlight]]

PROTOCOLS: Final = (PROTOCOL_VERSION,)


def register_worker(gateway: Gateway, sender: Sender, register: Register) -> None:
    """Reply with ``registered``, then send the requests that the worker should have.

    Safe to repeat. A register that arrives through an older connection than the recorded one is
    ignored, and its socket is closed.

    Raises:
        UnsupportedProtocol: The worker's client uses a different protocol version.
    """
    if register.protocol not in PROTOCOLS:
        raise UnsupportedProtocol(
            f"This gateway uses protocol {PROTOCOL_VERSION}, the worker {register.protocol}. "
            "Install the version of spaces-worker that matches the gateway."
        )
    in_flight = _by_space(register.in_flight)
    try:
        answers = [
            join_space(gateway, sender, space_id, register, in_flight.get(space_id, {}))
            for space_id in dict.fromkeys(register.spaces)
        ]
    except OutdatedConnection:
        gateway.sockets.close(sender.connection_id)
        return
    joined = [answer for answer in answers if isinstance(answer, Joined)]
    refused = [answer.rejection for answer in answers if isinstance(answer, Refused)]
    _record(gateway, sender, register, joined, refused)
    reply = _registered(gateway, sender, in_flight, joined, refused)
    gateway.sockets.post(sender.connection_id, reply)
    for place in joined:
        _serve(gateway, sender, place)
    for place in joined:
        store_declaration(gateway, sender, register, place)


def _by_space(in_flight: list[InFlight]) -> InFlightBySpace:
    by_space: InFlightBySpace = {}
    for held in in_flight:
        request_id = RequestId.parse(held.request_id)
        if request_id is not None:
            by_space.setdefault(request_id.space, {})[request_id.ticket] = held
    return by_space


def _registered(
    gateway: Gateway,
    sender: Sender,
    in_flight: InFlightBySpace,
    joined: list[Joined],
    refused: list[messages.RejectedSpace],
) -> messages.Registered:
    resume: list[InFlight] = []
    abandon: list[InFlight] = []
    for place in joined:
        for ticket, held in in_flight.get(place.space.space, {}).items():
            (resume if ticket in place.resume else abandon).append(held)
    renew_before = sender.connected_at + RENEW_BEFORE_SECONDS * SECOND
    return messages.Registered(
        accepted=[place.space for place in joined],
        rejected=refused,
        resume=resume,
        abandon=abandon,
        renew_before=timestamp(renew_before),
        ping_seconds=PING_SECONDS,
        lease_seconds=LEASE_SECONDS,
        files_url=gateway.files_url,
    )


def _serve(gateway: Gateway, sender: Sender, place: Joined) -> None:
    """Dispatch what waits, then send again what the worker should hold but does not know.

    In this order, overdue requests are settled first and are not sent again.
    """
    space_id = place.space.space
    queue = advance(gateway, space_id, queue=place.queue)
    changes = [
        change
        for ticket in place.resend
        if (dispatch := current_dispatch(queue, ticket, sender))
        and (change := deliver(gateway, space_id, dispatch, post_request))
    ]
    if changes:
        advance(gateway, space_id, compose(changes), queue=queue)


def _record(
    gateway: Gateway,
    sender: Sender,
    register: Register,
    joined: list[Joined],
    refused: list[messages.RejectedSpace],
) -> None:
    spaces = [place.space.space for place in joined]
    gateway.connections.describe(
        sender, spaces=spaces, agent=register.agent, capacity=register.capacity
    )
    gateway.log_event(
        "worker_registered",
        worker_id=sender.worker_id,
        spaces=spaces,
        refused={rejection.space: rejection.reason for rejection in refused},
    )
