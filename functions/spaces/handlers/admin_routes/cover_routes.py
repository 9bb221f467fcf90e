"""Routes for cover images of spaces."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from spaces.bootstrap import gateway
from spaces.handlers.rest.administrator import body, who
from spaces.handlers.rest.responses import respond
from spaces.services.administration.edit_cover import begin_cover, remove_cover, set_cover
from spaces_protocol.admin_bodies import CoverUpload, NewCover

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.post("/v1/admin/spaces/<space>/cover")
def post_cover(space: str) -> Response[str]:
    """Sign an upload form for a cover image."""
    return respond(201, begin_cover(gateway(), space, body(router, NewCover)))


@router.put("/v1/admin/spaces/<space>/cover")
def put_cover(space: str) -> Response[str]:
    """Use an uploaded image as the cover."""
    upload_id = body(router, CoverUpload).upload_id
    return respond(200, set_cover(gateway(), space, upload_id, who(router)))


@router.delete("/v1/admin/spaces/<space>/cover")
def delete_cover(space: str) -> Response[str]:
    """Remove the cover image of a space."""
    return respond(200, remove_cover(gateway(), space, who(router)))
