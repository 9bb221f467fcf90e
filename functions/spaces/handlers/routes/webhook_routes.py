"""Routes for webhooks: their secret, and how far each is."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from spaces.bootstrap import gateway
from spaces.handlers.rest.caller import caller_of, key_of
from spaces.handlers.rest.request_ids import read_id
from spaces.handlers.rest.responses import respond
from spaces.services.requests import view_webhook

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.get("/v1/webhook-secret")
def get_secret() -> Response[str]:
    """Show the secret with which webhooks of the caller's API key are signed."""
    event = router.current_event.raw_event
    return respond(200, view_webhook.view_secret(caller_of(event), key_of(event)))


@router.get("/v1/spaces/<space>/requests/<request_id>/webhook")
def get_webhook(space: str, request_id: str) -> Response[str]:
    """Show how far the webhook of a request is."""
    caller = caller_of(router.current_event.raw_event)
    named = read_id(request_id, space)
    return respond(200, view_webhook.find_own_webhook(gateway(), named, caller))


@router.post("/v1/spaces/<space>/requests/<request_id>/webhook")
def post_webhook(space: str, request_id: str) -> Response[str]:
    """Send the webhook of a request again."""
    caller = caller_of(router.current_event.raw_event)
    named = read_id(request_id, space)
    return respond(202, view_webhook.repeat_own_webhook(gateway(), named, caller))
