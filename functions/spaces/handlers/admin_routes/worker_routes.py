"""Routes for connected workers."""

from spaces.bootstrap import gateway
from spaces.handlers.rest.administrator import body, query, who
from spaces.handlers.rest.call import Call, Response
from spaces.handlers.rest.responses import no_content, respond
from spaces.handlers.rest.router import Router
from spaces.services.administration import manage_worker
from spaces.services.administration.view_connections import view_connections
from spaces_protocol.admin_bodies import NoticeText

router = Router()


@router.get("/v1/admin/workers")
def get_workers(call: Call) -> Response:
    """List the connected workers."""
    return respond(200, view_connections(gateway(), query(call, "cursor")))


@router.post("/v1/admin/workers/<connection_id>/notice")
def post_notice(call: Call, connection_id: str) -> Response:
    """Show a message to a worker's operator."""
    manage_worker.notify_worker(gateway(), connection_id, body(call, NoticeText).text, who(call))
    return no_content()


@router.post("/v1/admin/workers/<connection_id>/pause")
def post_pause(call: Call, connection_id: str) -> Response:
    """Dispatch nothing new to a worker."""
    manage_worker.pause_worker(gateway(), connection_id, who(call), paused=True)
    return no_content()


@router.post("/v1/admin/workers/<connection_id>/resume")
def post_resume(call: Call, connection_id: str) -> Response:
    """Dispatch requests to a paused worker again."""
    manage_worker.pause_worker(gateway(), connection_id, who(call), paused=False)
    return no_content()


@router.post("/v1/admin/workers/<connection_id>/disconnect")
def post_disconnect(call: Call, connection_id: str) -> Response:
    """Close a worker's connection."""
    manage_worker.disconnect_worker(gateway(), connection_id, who(call))
    return no_content()
