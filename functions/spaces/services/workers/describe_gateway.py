"""Describes the gateway to a worker that it does not understand, without reading a table."""

from spaces.services.ports.gateway import Gateway, Sender
from spaces_protocol.gateway_messages import GatewayFacts
from spaces_protocol.limits import PROTOCOL_VERSION


def describe_gateway(gateway: Gateway, sender: Sender) -> GatewayFacts:
    """Return the gateway's protocol version and the scope of the connection's token."""
    return GatewayFacts(
        protocol=PROTOCOL_VERSION, spaces=sorted(sender.spaces), files_url=gateway.files_url
    )
