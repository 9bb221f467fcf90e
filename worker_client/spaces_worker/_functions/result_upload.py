"""Uploads the parts of a result that do not travel on the socket, before the result is sent."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Protocol

import msgspec

from spaces_protocol.gateway_messages import UploadPolicy
from spaces_protocol.limits import MAX_OUTPUT_BYTES, MAX_SOCKET_RESULT_BYTES
from spaces_protocol.worker_messages import Output, OutputFile
from spaces_protocol.worker_messages import Result as ResultMessage
from spaces_worker._errors import TransferError, UserError
from spaces_worker._files.output_files import PreparedFile, file_of_bytes, prepare_files
from spaces_worker._files.retry import RetryDeadline
from spaces_worker._functions.context import RequestContext
from spaces_worker._functions.result import Result
from spaces_worker._functions.result_fields import files_of
from spaces_worker._functions.result_message import too_large
from spaces_worker._log import RequestLog, wing_logger

LOG_BYTES: Final = 1024 * 1024
LOG_SECONDS: Final = 10.0
"""Time between two log lines of a long upload."""

_logger: Final = wing_logger(__name__)


class Uploader(Protocol):
    """Uploads a file; see `Transfers.upload`."""

    def __call__(
        self,
        policy: UploadPolicy,
        key: str,
        file: PreparedFile,
        deadline: RetryDeadline,
        on_sent: Callable[[int], None],
    ) -> None:
        """Upload the file."""


def needs_upload(message: ResultMessage, result: Result) -> bool:
    """Return whether a completed result has files, or is larger than the socket should carry."""
    if message.output is None:
        return False
    return bool(result.files) or _size(message) > MAX_SOCKET_RESULT_BYTES


class ResultUpload:
    """Uploads the parts of one result.

    Args:
        context: the request, which reports the progress.
        policy: where to upload; None if the gateway accepts no uploads.
        upload: uploads one file.
        deadline: how long to try.
    """

    def __init__(
        self,
        context: RequestContext,
        policy: UploadPolicy | None,
        upload: Uploader,
        deadline: RetryDeadline,
    ) -> None:
        self._context = context
        self._policy = policy
        self._upload = upload
        self._deadline = deadline

    def upload_result(self, message: ResultMessage, result: Result) -> ResultMessage:
        """Upload files and a large body, and return the message that refers to them.

        Raises:
            TransferError: an upload failed.
            UserError: the result is larger than the gateway accepts.
        """
        ready = prepare_files(files_of(result.files))
        files = self._send({f"file-{number}": file for number, file in enumerate(ready, start=1)})
        output = message.output or Output()
        named = msgspec.structs.replace(output, files=files)
        message = msgspec.structs.replace(message, output=named)
        if self._policy is None or _size(message) <= MAX_SOCKET_RESULT_BYTES:
            return message
        return msgspec.structs.replace(message, output=self._without_body(named))

    def _without_body(self, output: Output) -> Output:
        body = msgspec.json.encode({"text": output.text, "data": output.data})
        if len(body) > MAX_OUTPUT_BYTES and self._context.call is not None:
            body = msgspec.json.encode({"text": None, "data": output.data})  # which has the text
        if len(body) > MAX_OUTPUT_BYTES:
            raise UserError(
                too_large(len(body), MAX_OUTPUT_BYTES) + " A file may be larger.",
                error_type="output_too_large",
            )
        whole = file_of_bytes("answer.json", "application/json", body)
        (sent,) = self._send({"body": whole})
        return Output(files=output.files, body_key=sent.key)

    def _send(self, files: Mapping[str, PreparedFile]) -> list[OutputFile]:
        if not files:
            return []
        policy = self._check_policy(files.values())
        progress = _UploadProgress(self._context, sum(file.size for file in files.values()))
        return [self._send_one(policy, key, file, progress) for key, file in files.items()]

    def _send_one(
        self, policy: UploadPolicy, name: str, file: PreparedFile, progress: "_UploadProgress"
    ) -> OutputFile:
        key = policy.key_prefix + name
        self._upload(policy, key, file, self._deadline, progress.sent)
        progress.finished(file.size)
        return OutputFile(name=file.name, content_type=file.content_type, size=file.size, key=key)

    def _check_policy(self, files: Iterable[PreparedFile]) -> UploadPolicy:
        if self._policy is None:
            raise TransferError("the gateway gave no upload address for the files of the answer")
        for file in files:
            if file.size > self._policy.max_bytes:
                limit = f"{self._policy.max_bytes / 1e6:.0f} MB"
                raise UserError(
                    f"The file {file.name} of the answer is too large to deliver: "
                    f"{file.size / 1e6:.0f} MB; at most {limit} are allowed.",
                    error_type="output_too_large",
                )
        return self._policy


class _UploadProgress:
    """Reports the progress of the uploads to the user and, if they are large, in the log."""

    def __init__(self, context: RequestContext, total: int) -> None:
        self._context = context
        self._total = total
        self._log = RequestLog(_logger, context.request_id)
        self._done = 0
        self._log_at = time.monotonic() + LOG_SECONDS
        if total >= LOG_BYTES:
            self._log.info("sending %.1f MB.", total / 1e6)

    def sent(self, of_file: int) -> None:
        """Report how many bytes of the current file were sent."""
        percent = 100 * (self._done + of_file) / max(1, self._total)
        self._context.progress(percent, message=f"Sending the result: {percent:.0f} %")
        if time.monotonic() >= self._log_at:
            self._log.info("%.0f %% sent.", percent)
            self._log_at = time.monotonic() + LOG_SECONDS

    def finished(self, size: int) -> None:
        """Record that a file was uploaded."""
        self._done += size


def _size(message: ResultMessage) -> int:
    return len(msgspec.json.encode(message))
