"""The gateway's handlers behind one address on loopback, with moto's S3 as its storage."""

import re
import sys
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from spaces.handlers import api, wait
from tests.functional.gateway.world import FILES_URL
from tests.functional.handlers.http_events import ULLA, http_event
from tests.functional.openai.support.function_url import FunctionUrl

SIGNED_IN = "Bearer the-access-token-of-ulla"
LOST, UNHEARD = "answer lost", "not heard"


class GatewayServer(ThreadingHTTPServer):
    """Passes calls to the handlers that infrastructure would choose.

    Attributes:
        faults: What to do to the next calls of the API: a status to answer with, ``LOST`` (the
            call is made, and its answer is lost), ``UNHEARD``, or None for nothing.
        file_faults: The same for calls of the storage.
        streams: Whether event streams are at this address.
        cut_streams_after: The pieces after which each stream is cut.
        calls: The method and path of each call.
        meeting: Where the next calls that put a part wait for each other; None if they do not.
        met: How many have met there.
    """

    daemon_threads = True

    def __init__(self, s3):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.s3 = s3
        self.function = FunctionUrl(seconds=600)
        self.faults, self.file_faults, self.calls = [], [], []
        self.streams = True
        self.cut_streams_after = None
        self.meeting, self.met = None, 0

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request, client_address):
        """Say nothing of clients that left; other errors are shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def paths(self, method):
        return [path for each, path in self.calls if each == method]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: GatewayServer

    def _handle(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.server.calls.append((self.command, self.path))
        files = self.path.startswith("/s3/")
        faults = self.server.file_faults if files else self.server.faults
        fault = faults.pop(0) if faults else None
        if fault == UNHEARD:
            self.close_connection = True
        elif isinstance(fault, int):
            self._respond(fault, {}, b"")
        else:
            answer = self._of_storage(body) if files else self._of_api(body)
            if fault == LOST:
                self.close_connection = True
            else:
                answer()

    do_GET = do_POST = do_PUT = do_DELETE = _handle  # noqa: N815 - the server looks for these names

    def _of_api(self, body):
        path, _, query = self.path.partition("?")
        path = unquote(path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        if path.startswith("/v1/stream/") and self.server.streams:
            answered = self.server.function.open(self.command, self.path, body, headers)
            return lambda: self._pass_on(answered)
        claims = None
        if headers.get("authorization") == SIGNED_IN:
            claims, headers = ULLA, {**headers, "authorization": ""}
            del headers["authorization"]
        event = http_event(
            self.command,
            path,
            body.decode() if body else None,
            headers=headers,
            query=dict(parse_qsl(query)),
            claims=claims,
        )
        answered = (wait if path.endswith("/wait") else api).handler(event, None)
        content = answered["body"].replace(FILES_URL, f"{self.server.address}/s3").encode()
        return lambda: self._respond(answered["statusCode"], answered["headers"], content)

    def _of_storage(self, body):
        parts = urlsplit(self.path)
        key = unquote(parts.path.removeprefix("/s3/"))
        named = {"Bucket": "files", "Key": key}
        query = dict(parse_qsl(parts.query))
        assert "authorization" not in self.headers, "S3 refuses two credentials"
        s3 = self.server.s3
        if self.command == "POST":
            self._store_form(body)
            return lambda: self._respond(204, {}, b"")
        if self.command == "PUT":
            self._meet()
            number = int(query["partNumber"])
            s3.upload_part(**named, PartNumber=number, UploadId=query["uploadId"], Body=body)
            return lambda: self._respond(200, {}, b"")
        content = s3.get_object(**named)["Body"].read()
        start = re.fullmatch(r"bytes=(\d+)-", self.headers.get("range", ""))
        if start:
            return lambda: self._respond(206, {}, content[int(start[1]) :])
        return lambda: self._respond(200, {}, content)

    def _meet(self):
        meeting = self.server.meeting
        if meeting is not None and self.server.met < meeting.parties:
            meeting.wait(20)
            self.server.met = meeting.parties

    def _store_form(self, body):
        head = f"content-type: {self.headers['content-type']}\r\n\r\n".encode()
        form = BytesParser(policy=HTTP).parsebytes(head + body)
        parts = {each.get_param("name", header="content-disposition"): each for each in form.walk()}
        assert list(parts)[-1] == "file", "S3 ignores fields after the file"
        fields = {
            name: part.get_payload() for name, part in parts.items() if name and name != "file"
        }
        self.server.s3.put_object(
            Bucket="files",
            Key=fields["key"],
            Body=parts["file"].get_payload(decode=True),
            ContentType=fields["Content-Type"],
            Metadata={"name": fields["x-amz-meta-name"]},
        )

    def _respond(self, status, headers, content):
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() != "content-length":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _pass_on(self, answered):
        self.send_response(answered.status)
        for name, value in answered.headers.items():
            self.send_header(name, value)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        left = self.server.cut_streams_after
        for piece in answered.body:
            if left == 0:
                self.close_connection = True
                return
            if piece:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                self.wfile.flush()
                left = left and left - 1
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_):
        pass
