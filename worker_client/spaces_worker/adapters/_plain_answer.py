"""Answers of the OpenAI API that are not streamed: embeddings, images and transcriptions."""

import base64
import json
from collections.abc import AsyncGenerator, Mapping
from typing import Any, Final

import httpx

from spaces_protocol.model_call import Endpoint
from spaces_worker._errors import UserError
from spaces_worker._files.result_file import File
from spaces_worker._functions.context import RequestContext
from spaces_worker._functions.result import Result
from spaces_worker._session.piece import Piece
from spaces_worker.adapters._http_answer import content_type_of
from spaces_worker.adapters._lenient_json import read_json
from spaces_worker.adapters._openai_failure import failed, refused
from spaces_worker.adapters._server_error import ServerError, error_of
from spaces_worker.adapters._upstream import Upstream
from spaces_worker.adapters._usage import usage_in

MAX_BYTES: Final = 64 * 1024**2
"""Largest response that is read: ten images as base64."""


class PlainAnswer:
    """Asks once and reads the whole answer.

    Args:
        upstream: the endpoint.
        context: the request.
        model: the name of the model.
    """

    def __init__(self, upstream: Upstream, context: RequestContext, model: str) -> None:
        self._upstream = upstream
        self._context = context
        self._model = model

    async def pieces(
        self, endpoint: Endpoint, body: dict[str, Any]
    ) -> AsyncGenerator[str | Piece | Result]:
        """Yield the result.

        Raises:
            UserError: the server refused the call or failed.
        """
        try:
            match endpoint:
                case "audio.transcriptions":
                    yield await self._transcription(body)
                case "images.generations":
                    yield await self._images(body)
                case _:
                    data = await self._posted(body)
                    yield Result(data=data, model=self._model, usage=usage_in(data.get("usage")))
        except ServerError as error:
            raise failed(self._upstream, self._context, error) from error

    async def _images(self, body: dict[str, Any]) -> Result:
        """Return the images as files, and as data the object that refers to them."""
        if "response_format" in body:  # the gateway makes addresses where a caller wants them
            body["response_format"] = "b64_json"
        answer = await self._posted(body)
        files: list[File] = []
        entries = answer["data"] if isinstance(answer["data"], list) else []
        told = [_image(each, files) for each in entries if isinstance(each, Mapping)]
        return Result(
            data={**answer, "data": told},
            files=files,
            model=self._model,
            usage=usage_in(answer.get("usage")),
        )

    async def _transcription(self, body: Mapping[str, Any]) -> Result:
        if not self._context.files:
            raise UserError("This call needs a file; attach one.", error_type="file_missing")
        file = self._context.files[0]
        path = await file.download()
        fields = {name: value for name, value in body.items() if name != "file"}
        async with self._upstream.post_form(
            _form(fields), (file.name, path, file.content_type), self._context.request_id
        ) as response:
            content = await self._content(response)
            if content_type_of(response).startswith("text/"):
                text = content.decode("utf-8", "replace")
                return Result(text=text, data={"text": text}, model=self._model)
        answer = _object_in(content, "text")
        return Result(text=str(answer["text"]), data=answer, model=self._model)

    async def _posted(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        async with self._upstream.post(
            body, self._context.request_id, accept="application/json"
        ) as response:
            return _object_in(await self._content(response), "data")

    async def _content(self, response: httpx.Response) -> bytes:
        if not response.is_success:
            raise await refused(self._upstream, self._context, response)
        content = bytearray()
        async for piece in response.aiter_bytes():
            content += piece
            if len(content) > MAX_BYTES:
                raise UserError(
                    f"The model's answer is larger than {MAX_BYTES // 1024**2} MB.",
                    error_type="output_too_large",
                )
        return bytes(content)


def _object_in(content: bytes, needed: str) -> Mapping[str, Any]:
    """Return the object of a response, which has a field.

    Raises:
        ServerError: it is something else.
    """
    words = content[:1000].decode("utf-8", "replace")
    try:
        value = read_json(content)
    except ValueError as error:
        raise ServerError(words) from error
    if error_of(value) or not isinstance(value, Mapping) or value.get(needed) is None:
        raise ServerError(words or "nothing", error_of(value))
    return value


def _image(entry: Mapping[str, Any], files: list[File]) -> dict[str, Any]:
    """Move an image to the files, and return what refers to it."""
    encoded = entry.get("b64_json")
    if not isinstance(encoded, str):
        return dict(entry)
    try:
        files.append(File(base64.b64decode(encoded, validate=True)))
    except ValueError as error:  # also what is not ASCII
        raise ServerError("an image that is not base64") from error
    others = {name: value for name, value in entry.items() if name != "b64_json"}
    return {"file": len(files) - 1, **others}


def _form(fields: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """Return the fields of a form: lists are repeated under a name that ends in ``[]``."""
    form: dict[str, str | list[str]] = {}
    for name, value in fields.items():
        if isinstance(value, list):
            form[f"{name.removesuffix('[]')}[]"] = [_field(each) for each in value]
        elif value is not None:
            form[name] = _field(value)
    return form


def _field(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
