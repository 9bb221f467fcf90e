"""Routes for cover images of spaces."""

from spaces.bootstrap import gateway
from spaces.handlers.rest.administrator import body, who
from spaces.handlers.rest.call import Call, Response
from spaces.handlers.rest.responses import respond
from spaces.handlers.rest.router import Router
from spaces.services.administration.edit_cover import begin_cover, remove_cover, set_cover
from spaces_protocol.admin_bodies import CoverUpload, NewCover

router = Router()


@router.post("/v1/admin/spaces/<space>/cover")
def post_cover(call: Call, space: str) -> Response:
    """Sign an upload form for a cover image."""
    return respond(201, begin_cover(gateway(), space, body(call, NewCover)))


@router.put("/v1/admin/spaces/<space>/cover")
def put_cover(call: Call, space: str) -> Response:
    """Use an uploaded image as the cover."""
    upload_id = body(call, CoverUpload).upload_id
    return respond(200, set_cover(gateway(), space, upload_id, who(call)))


@router.delete("/v1/admin/spaces/<space>/cover")
def delete_cover(call: Call, space: str) -> Response:
    """Remove the cover image of a space."""
    return respond(200, remove_cover(gateway(), space, who(call)))
