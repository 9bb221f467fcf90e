"""Refuses a call of an endpoint that no worker of the space serves."""

from spaces.domain.errors import EndpointNotServed
from spaces.services.ports.gateway import Gateway
from spaces_protocol.model_call import ModelCall


def check_endpoint(gateway: Gateway, space_id: str, call: ModelCall | None) -> None:
    """Raise unless the last worker to register serves the endpoint; a prompt costs no read.

    Raises:
        EndpointNotServed: It does not; the detail lists what it serves.
    """
    if call is None or call.endpoint in gateway.declarations.find(space_id).endpoints:
        return
    served = gateway.declarations.find(space_id, consistent=True).endpoints  # it may be new
    if call.endpoint not in served:
        raise EndpointNotServed(_refusal(call.endpoint, served))


def _refusal(endpoint: str, served: tuple[str, ...]) -> str:
    if not served:
        return (
            "No worker of this space has declared that it serves calls. Start one that does, such "
            "as spaces-worker with --openai."
        )
    return (
        f"input.call.endpoint is {endpoint}; the worker of this space serves "
        f"{', '.join(served)}. Use one of these."
    )
