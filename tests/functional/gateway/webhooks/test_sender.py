"""Webhooks go to public addresses over verified TLS, once, and to nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from spaces.adapters.webhook_sender import HttpsSender
from spaces.domain.webhook_delivery import Outcome
from tests.functional.gateway.webhooks.receiver import Answer
from tests.functional.worker_cli.support.certificates import certificate
from tests.inner_addresses import INSIDE
from tests.served import served

HEADERS = {"webhook-id": "msg_1"}


def post(sender, url):
    return sender.post(url, HEADERS, b"{}")


def test_it_is_posted_whole_with_its_headers(receiver):
    outcome = post(HttpsSender(loopback=True), receiver.url)

    assert outcome == Outcome(status=200)
    ((headers, body),) = receiver.arrived
    assert body == b"{}"
    assert headers["webhook-id"] == "msg_1"
    assert headers["host"] in receiver.url


@pytest.mark.parametrize("address", [each for each in INSIDE if "." in each or ":" in each])
def test_a_name_that_leads_inside_is_refused_without_a_connection(address):
    sender = HttpsSender(lambda _host, _port: [address])

    outcome = post(sender, "https://example.com/in")

    assert outcome.status is None
    assert "not on the public internet" in outcome.error


def test_one_inner_address_among_public_ones_is_enough():
    sender = HttpsSender(lambda _host, _port: ["93.184.215.14", "169.254.169.254"])

    assert "not on the public internet" in post(sender, "https://example.com/").error


def test_a_name_that_changes_between_check_and_call_is_dialled_as_checked(receiver):
    asked = []

    def resolve(host, _port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    outcome = post(HttpsSender(resolve, loopback=True), receiver.url)

    assert outcome.status == 200
    assert asked == ["127.0.0.1"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(receiver, status):
    receiver.answers = [Answer(status, {"location": receiver.url})]

    assert post(HttpsSender(loopback=True), receiver.url).status == status
    assert len(receiver.arrived) == 1


@pytest.mark.parametrize(
    ("told", "read"),
    [("120", 120_000), ("0", 0), ("-1", None), ("soon", None), ("9" * 40, None), ("1.5", None)],
)
def test_retry_after_is_read_in_seconds(receiver, told, read):
    receiver.answers = [Answer(503, {"retry-after": told})]

    assert post(HttpsSender(loopback=True), receiver.url).retry_after == read


def test_a_receiver_that_answers_byte_by_byte_is_left(receiver):
    receiver.answers = [Answer(drip=True)]

    outcome = post(HttpsSender(loopback=True, whole_seconds=0.3), receiver.url)

    assert outcome == Outcome(error="No answer in time.")


def test_nobody_there_is_an_outcome():
    outcome = post(HttpsSender(loopback=True), "http://127.0.0.1:1/")

    assert outcome.error == "No answer: NewConnectionError."


def test_an_unknown_name_is_an_outcome():
    def resolve(_host, _port):
        raise OSError("Name or service not known")

    assert post(HttpsSender(resolve), "https://nowhere.test/").error == "No answer: OSError."


class _Fine(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


@contextmanager
def over_tls(context) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Fine)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with served(server):
        yield server.server_port


def test_the_certificate_must_be_that_of_the_name(tmp_path):
    context, authority = certificate(tmp_path, days=30)

    def sender(port):
        return HttpsSender(
            lambda _host, _port: ["127.0.0.1"], ca_certs=str(authority), port=port, loopback=True
        )

    with over_tls(context) as port:
        assert post(sender(port), "https://localhost/in") == Outcome(status=204)
        assert post(sender(port), "https://example.com/in").error == "No answer: SSLError."


def test_a_certificate_of_nobody_is_refused(tmp_path):
    context, _ = certificate(tmp_path, days=30)

    with over_tls(context) as port:
        sender = HttpsSender(lambda _host, _port: ["127.0.0.1"], port=port, loopback=True)
        assert post(sender, "https://localhost/in").error == "No answer: SSLError."


def test_without_the_switch_of_the_local_cloud_this_machine_is_refused(receiver):
    assert "not on the public internet" in post(HttpsSender(), receiver.url).error
    assert receiver.arrived == []
