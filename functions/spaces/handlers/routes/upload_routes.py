"""Routes for uploads."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from msgspec import ValidationError, convert

from spaces.bootstrap import gateway
from spaces.domain.errors import InvalidInput
from spaces.handlers.rest.caller import caller_of
from spaces.handlers.rest.request_body import read_body
from spaces.handlers.rest.responses import no_content, respond
from spaces.observability import logger
from spaces.services.files.begin_upload import begin_upload
from spaces.services.files.multipart_upload import abort_upload, complete_upload, missing_parts
from spaces_protocol.fields import UploadId
from spaces_protocol.rest_bodies import NamedMultipart, NewUpload

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]

_EXAMPLE = 'Send {"space": "…", "name": "…", "content_type": "…", "size": 1}.'
_PARTS_EXAMPLE = 'Send {"space": "…", "multipart_id": "…"}, as the announcement said.'


@router.post("/v1/uploads")
def post_upload() -> Response[str]:
    """Sign an upload form for one file: 201 with its URL."""
    upload = read_body(router.current_event, NewUpload, _EXAMPLE)
    address = begin_upload(gateway(), upload, caller_of(router.current_event.raw_event))
    logger.info("upload_begun", extra={"space": upload.space, "size": upload.size})
    return respond(201, address)


@router.post("/v1/uploads/<upload_id>/parts")
def post_parts(upload_id: str) -> Response[str]:
    """Return the URLs of the missing parts of a file."""
    named, caller = _named(), caller_of(router.current_event.raw_event)
    return respond(200, missing_parts(gateway(), _read_id(upload_id), named, caller))


@router.post("/v1/uploads/<upload_id>/complete")
def post_complete(upload_id: str) -> Response[str]:
    """Assemble a file from its parts."""
    named, caller = _named(), caller_of(router.current_event.raw_event)
    complete_upload(gateway(), _read_id(upload_id), named, caller)
    logger.info("upload_completed", extra={"space": named.space})
    return no_content()


@router.post("/v1/uploads/<upload_id>/abort")
def post_abort(upload_id: str) -> Response[str]:
    """Discard the parts of a file that have arrived."""
    named, caller = _named(), caller_of(router.current_event.raw_event)
    abort_upload(gateway(), _read_id(upload_id), named, caller)
    return no_content()


def _named() -> NamedMultipart:
    return read_body(router.current_event, NamedMultipart, _PARTS_EXAMPLE)


def _read_id(text: str) -> str:
    try:
        return convert(text, UploadId)
    except ValidationError as error:
        raise InvalidInput(
            "The upload_id is not valid. Use the one that POST /v1/uploads returned."
        ) from error
