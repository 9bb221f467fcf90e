"""An HTTP server in front of the function, in place of CloudFront and the Function URL."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.functional.openai.support.function_url import FunctionUrl
from tests.served import served


class UrlServer(ThreadingHTTPServer):
    """Passes calls to the function and its responses on, piece by piece.

    Attributes:
        faults: What to do to the next calls, in their order: a status to answer with instead of
            the function's own answer, or ``None`` for a connection that ends without an answer.
        calls: The method and path of each call.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.function = FunctionUrl(seconds=600)
        self.faults = []
        self.calls = []

    @property
    def base_url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/openai/v1"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: UrlServer

    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.server.calls.append((self.command, self.path))
        faults = self.server.faults
        fault = faults.pop(0) if faults else 200
        answered = self.server.function.open(self.command, self.path, body, dict(self.headers))
        if fault is None:
            self.close_connection = True
        elif fault != 200:
            self.send_response(fault)
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self._pass_on(answered)

    do_POST = do_GET  # noqa: N815 - the server looks for these names

    def _pass_on(self, answered):
        self.send_response(answered.status)
        for name, value in answered.headers.items():
            self.send_header(name, value)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in answered.body:
            if piece:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_):
        pass


def url_server():
    """Serve until the context ends."""
    return served(UrlServer())
