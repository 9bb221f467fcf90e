"""A multipart/form-data form with one file, streamed from disk (RFC 7578)."""

import secrets
from collections.abc import Iterator, Mapping

from spaces_worker._files.output_files import PreparedFile


class Form:
    """The body of a POST: text fields, then the file.

    S3 ignores fields after the file, so the file comes last ("Amazon S3: POST Object").

    Attributes:
        content_type: the request's Content-Type header.
        size: size of the whole body in bytes.
        file_size: size of the file alone.
    """

    def __init__(self, fields: Mapping[str, str], file: PreparedFile) -> None:
        boundary = secrets.token_hex(16)
        self._file = file
        self._head = b"".join(_part(boundary, name, value) for name, value in fields.items())
        self._head += _beginning(boundary, 'name="file"; filename="file"', file.content_type)
        self.file_size = file.size
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self.size = len(self._head) + file.size + len(self._tail)

    def blocks(self, most: int) -> Iterator[bytes]:
        """Yield the body in blocks of at most ``most`` bytes of the file.

        Raises:
            OSError: the file cannot be read, or its size has changed.
        """
        yield self._head
        left = self._file.size
        with self._file.open() as source:
            while left > 0 and (block := source.read(min(most, left))):
                yield block
                left -= len(block)
        if left:
            raise OSError(f"the file {self._file.name!r} became shorter during the upload")
        yield self._tail


def _part(boundary: str, name: str, value: str) -> bytes:
    return _beginning(boundary, f'name="{name}"') + value.encode() + b"\r\n"


def _beginning(boundary: str, disposition: str, content_type: str | None = None) -> bytes:
    kind = f"Content-Type: {content_type}\r\n" if content_type else ""
    return (f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n{kind}\r\n").encode()
