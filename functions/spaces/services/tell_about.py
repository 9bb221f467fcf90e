"""What the gateway says of itself to a worker that it does not understand; it reads no table."""

from spaces.services.gateway import Gateway, Sender
from spaces_protocol.gateway_messages import About
from spaces_protocol.limits import PROTOCOL_VERSION


def tell_about(gateway: Gateway, sender: Sender) -> About:
    """Return the gateway's version, and what the token of a connection is for."""
    return About(
        protocol=PROTOCOL_VERSION, spaces=sorted(sender.spaces), files_url=gateway.files_url
    )
