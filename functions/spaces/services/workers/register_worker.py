"""Gives a worker its places in the spaces that it asks for, and the requests that it missed."""

from datetime import UTC, datetime
from typing import Final

from spaces.domain.errors import UnsupportedProtocol
from spaces.domain.timing import SECOND
from spaces.services.dispatch.advance import advance
from spaces.services.dispatch.change_queue import compose
from spaces.services.dispatch.deliver import current_dispatch, deliver, post_request
from spaces.services.ports.gateway import Gateway, Sender
from spaces.services.workers.declare_params import declare_params
from spaces.services.workers.join_space import Joined, OutdatedConnection, Refused, join_space
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
    """Answer with ``registered``, then send what the worker should have; safe to repeat.

    A register that comes by an older connection than the one on record is ignored, and its
    socket closed.

    Raises:
        UnsupportedProtocol: the worker's client is of another age.
    """
    if register.protocol not in PROTOCOLS:
        raise UnsupportedProtocol(
            f"This gateway speaks protocol {PROTOCOL_VERSION}, the worker {register.protocol}. "
            "Install the version of spaces-worker that fits the gateway."
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
    taken = [answer for answer in answers if isinstance(answer, Joined)]
    refused = [answer.rejection for answer in answers if isinstance(answer, Refused)]
    _tell_operator(gateway, sender, register, taken, refused)
    gateway.sockets.post(sender.connection_id, _registered(sender, in_flight, taken, refused))
    for place in taken:
        _serve(gateway, sender, place)
    for place in taken:
        declare_params(gateway, sender, register, place.space.space)


def _by_space(in_flight: list[InFlight]) -> InFlightBySpace:
    sorted_out: InFlightBySpace = {}
    for held in in_flight:
        request_id = RequestId.parse(held.request_id)
        if request_id is not None:
            sorted_out.setdefault(request_id.space, {})[request_id.ticket] = held
    return sorted_out


def _registered(
    sender: Sender,
    in_flight: InFlightBySpace,
    taken: list[Joined],
    refused: list[messages.RejectedSpace],
) -> messages.Registered:
    resume: list[InFlight] = []
    abandon: list[InFlight] = []
    for place in taken:
        for ticket, held in in_flight.get(place.space.space, {}).items():
            (resume if ticket in place.resume else abandon).append(held)
    renew_before = sender.connected_at + RENEW_BEFORE_SECONDS * SECOND
    return messages.Registered(
        accepted=[place.space for place in taken],
        rejected=refused,
        resume=resume,
        abandon=abandon,
        renew_before=datetime.fromtimestamp(renew_before / SECOND, UTC),
        ping_seconds=PING_SECONDS,
        lease_seconds=LEASE_SECONDS,
    )


def _serve(gateway: Gateway, sender: Sender, place: Joined) -> None:
    """Hand over what waits, then post again what the worker should hold but does not know.

    In this order, because what is overdue is settled on the way and not posted any more.
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


def _tell_operator(
    gateway: Gateway,
    sender: Sender,
    register: Register,
    taken: list[Joined],
    refused: list[messages.RejectedSpace],
) -> None:
    spaces = [place.space.space for place in taken]
    gateway.connections.describe(
        sender, spaces=spaces, agent=register.agent, capacity=register.capacity
    )
    gateway.log_event(
        "worker_registered",
        worker_id=sender.worker_id,
        spaces=spaces,
        refused={rejection.space: rejection.reason for rejection in refused},
    )
