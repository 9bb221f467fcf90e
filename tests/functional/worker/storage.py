"""A storage that speaks as much of S3 as presigned addresses need, and fails on demand."""

import email.parser
import email.policy
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from spaces_protocol.gateway_messages import PresignedFile, UploadPolicy
from spaces_worker._connection.file_host import FileHost

PREFIX = "outputs/demo/1/1-rrrrrrrrrrrrrrrrrrrrrr/"


def here():
    """Return the check of a gateway on this machine, where the storage is, too."""
    host = FileHost("ws://127.0.0.1/v1")
    host.gateway_is_at("127.0.0.1")
    return host


class Storage:
    """Files by name, to be fetched; what was posted, by key.

    ``breaks``: after so many bytes each, downloads break off. ``refusals``: statuses with which
    the next requests are answered. ``pause``: seconds before it reads what is posted. ``ranges``:
    the Range headers that were asked for. ``location``: the address that refusals point to.
    ``starts``: where the next answers to a Range begin instead. ``partial``: their status.
    ``etags``: by file, if it has one.
    """

    def __init__(self):
        self.files = {}
        self.posted = {}
        self.types = {}
        self.breaks = []
        self.refusals = []
        self.ranges = []
        self.targets = []
        self.pause = 0.0
        self.location = ""
        self.starts = []
        self.partial = 206
        self.etags = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def server(self):
        return self._server

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def sent(self, name, content, content_type="application/octet-stream", size=None, etag=None):
        """Return a file of a request, as the gateway hands it over."""
        self.files[name] = content
        self.etags[name] = etag
        size = len(content) if size is None else size
        return PresignedFile(
            name=name,
            content_type=content_type,
            size=size,
            url=f"{self.url}/{name}?signature=x",
            etag=etag,
        )

    def policy(self, max_bytes=10**9):
        return UploadPolicy(
            url=f"{self.url}/",
            fields={"policy": "cDE=", "x-amz-signature": "ab"},
            key_prefix=PREFIX,
            max_bytes=max_bytes,
        )

    def start(self, asked):
        """Return where an answer begins: where it was asked for, if the test says nothing else."""
        return self.starts.pop(0) if asked and self.starts else asked

    def refuse_if_replaced(self, name, wanted):
        if wanted not in (None, self.etags.get(name)):
            self.refusals.insert(0, 412)

    def _handler(storage):  # noqa: N805 - the handler has a self of its own
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                storage.targets.append(self.path)
                storage.ranges.append(self.headers.get("Range"))
                name = self.path.rpartition("/")[2].partition("?")[0]
                storage.refuse_if_replaced(name, self.headers.get("If-Match"))
                if self._refused():
                    return
                content = storage.files[name]
                start = storage.start(int((self.headers.get("Range") or "bytes=0-")[6:-1]))
                self.send_response(storage.partial if start else 200)
                self.send_header(*_range_header(start, len(content)))
                self.send_header("Content-Length", str(len(content) - start))
                self.end_headers()
                if storage.breaks:
                    self.wfile.write(content[start : start + storage.breaks.pop(0)])
                    self.close_connection = True
                else:
                    self.wfile.write(content[start:])

            def do_POST(self):
                storage.targets.append(self.path)
                time.sleep(storage.pause)
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self._refused():
                    return
                head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
                parser = email.parser.BytesParser(policy=email.policy.HTTP)
                parts = {
                    part.get_param("name", header="content-disposition"): part
                    for part in parser.parsebytes(head + body).iter_parts()
                }
                texts = {
                    name: part.get_payload(decode=True).decode()
                    for name, part in parts.items()
                    if name != "file"
                }
                assert list(parts)[-1] == "file"
                assert (texts["policy"], texts["x-amz-signature"]) == ("cDE=", "ab")
                storage.types[texts["key"]] = texts["Content-Type"]
                storage.posted[texts["key"]] = _file_of(self.headers["Content-Type"], body)
                self._answer(204, b"")

            def _refused(self):
                if not storage.refusals:
                    return False
                self._answer(storage.refusals.pop(0), b"<Error><Code>Why</Code></Error>")
                return True

            def _answer(self, status, body):
                self.send_response(status)
                self.send_header("Location", storage.location)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments):
                pass

        return Handler


def _range_header(start, size):
    if start:
        return "Content-Range", f"bytes {start}-{size - 1}/{size}"
    return "Accept-Ranges", "bytes"


def _file_of(content_type, body):
    """Return the bytes of the last part, which a mail parser would take for text."""
    boundary = content_type.partition("boundary=")[2].encode()
    start = body.index(b'name="file"')
    start = body.index(b"\r\n\r\n", start) + 4
    return body[start : body.rindex(b"\r\n--" + boundary + b"--")]
