"""Routes for connected workers."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from spaces.bootstrap import gateway
from spaces.handlers.rest.administrator import body, query, who
from spaces.handlers.rest.responses import no_content, respond
from spaces.services.administration import manage_worker
from spaces.services.administration.view_connections import view_connections
from spaces_protocol.admin_bodies import NoticeText

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.get("/v1/admin/workers")
def get_workers() -> Response[str]:
    """List the connected workers."""
    return respond(200, view_connections(gateway(), query(router, "cursor")))


@router.post("/v1/admin/workers/<connection_id>/notice")
def post_notice(connection_id: str) -> Response[str]:
    """Show a message to a worker's operator."""
    manage_worker.notify_worker(
        gateway(), connection_id, body(router, NoticeText).text, who(router)
    )
    return no_content()


@router.post("/v1/admin/workers/<connection_id>/pause")
def post_pause(connection_id: str) -> Response[str]:
    """Dispatch nothing new to a worker."""
    manage_worker.pause_worker(gateway(), connection_id, who(router), paused=True)
    return no_content()


@router.post("/v1/admin/workers/<connection_id>/resume")
def post_resume(connection_id: str) -> Response[str]:
    """Dispatch requests to a paused worker again."""
    manage_worker.pause_worker(gateway(), connection_id, who(router), paused=False)
    return no_content()


@router.post("/v1/admin/workers/<connection_id>/disconnect")
def post_disconnect(connection_id: str) -> Response[str]:
    """Close a worker's connection."""
    manage_worker.disconnect_worker(gateway(), connection_id, who(router))
    return no_content()
