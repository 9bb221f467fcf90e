"""Paths about files to be uploaded."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from spaces.bootstrap import gateway
from spaces.handlers.caller_of import caller_of
from spaces.handlers.request_body import read_body
from spaces.handlers.rest_answers import respond
from spaces.observability import logger
from spaces.services.begin_upload import begin_upload
from spaces_protocol.rest_bodies import NewUpload

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]

_EXAMPLE = 'Send {"space": "…", "name": "…", "content_type": "…", "size": 1}.'


@router.post("/v1/uploads")
def post_upload() -> Response[str]:
    """Sign a form for one file: 201 with where to post it."""
    upload = read_body(router.current_event, NewUpload, _EXAMPLE)
    address = begin_upload(gateway(), upload, caller_of(router.current_event.raw_event))
    logger.info("upload_begun", extra={"space": upload.space, "size": upload.size})
    return respond(201, address)
