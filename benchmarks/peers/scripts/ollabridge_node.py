"""OllaBridge's node, which dials out, and behind it an Ollama that is only the model.

``ollabridge_node.py PORT``. The command ``ollabridge-node join`` does the same once, after it has
installed Ollama; it ends with its connection, so it is started again here as a service manager
would.
"""

import asyncio
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import model
from ollabridge.core.enrollment import create_join_token
from ollabridge.node.agent import NodeConfig, run_node


class Ollama(BaseHTTPRequestHandler):
    """Its two paths that the node asks for."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet

    def do_GET(self) -> None:
        """List the models."""
        self._say({"models": [{"name": "model"}]})

    def do_POST(self) -> None:
        """Answer a conversation."""
        call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        content = model.answer(call["messages"][-1]["content"])
        self._say({"message": {"role": "assistant", "content": content}, "done": True})

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _say(self, what: dict[str, object]) -> None:
        body = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


runtime = ThreadingHTTPServer(("127.0.0.1", 0), Ollama)
threading.Thread(target=runtime.serve_forever, daemon=True).start()
node = NodeConfig(
    control=f"ws://127.0.0.1:{sys.argv[1]}",
    token=create_join_token().token,
    node_id="node",
    runtime_base_url=f"http://127.0.0.1:{runtime.server_port}",
    tags=[],
    capacity=1,
)
while True:
    try:
        asyncio.run(run_node(node))
    except Exception:  # noqa: BLE001 - the gateway is down
        time.sleep(0.5)
