"""Where a gateway can make its worker fetch files from, and where it cannot."""

import socket

import pytest

from spaces_worker._connection.file_host import FileHost, Reach, reach_of
from spaces_worker._errors import TransferError

PUBLIC = "52.219.140.1"


def gateway(url="wss://gateway.example/v1", at=PUBLIC, files="https://files.example.com"):
    host = FileHost(url)
    host.gateway_is_at(at)
    host.name(files)
    return host


@pytest.mark.parametrize(
    ("address", "reach"),
    [
        ("52.219.140.1", Reach.INTERNET),
        ("2600:1f18::1", Reach.INTERNET),
        ("127.0.0.1", Reach.MACHINE),
        ("127.8.8.8", Reach.MACHINE),
        ("0.0.0.0", Reach.MACHINE),
        ("::1", Reach.MACHINE),
        ("::", Reach.MACHINE),
        ("::ffff:127.0.0.1", Reach.MACHINE),
        ("2002:7f00:1::", Reach.MACHINE),
        ("64:ff9b::7f00:1", Reach.MACHINE),
        ("169.254.169.254", Reach.SEGMENT),
        ("fe80::1%eth0", Reach.SEGMENT),
        ("::ffff:169.254.169.254", Reach.SEGMENT),
        ("64:ff9b::a9fe:a9fe", Reach.SEGMENT),
        ("224.0.0.1", Reach.SEGMENT),
        ("10.0.0.5", Reach.NETWORK),
        ("172.16.0.1", Reach.NETWORK),
        ("192.168.1.1", Reach.NETWORK),
        ("100.64.0.1", Reach.NETWORK),
        ("198.18.0.1", Reach.NETWORK),
        ("240.0.0.1", Reach.NETWORK),
        ("fd07::1", Reach.NETWORK),
        ("::ffff:10.0.0.5", Reach.NETWORK),
        ("64:ff9b::52.219.140.1", Reach.INTERNET),
    ],
)
def test_an_address_is_known_by_its_reach(address, reach):
    assert reach_of(address) is reach


@pytest.mark.parametrize(
    "url",
    [
        "https://files.example.com/a?X-Amz-Signature=s",
        "https://FILES.example.com:443/a",
        "https://files.example.com./a",
        "https://user@files.example.com/a",
    ],
)
def test_a_url_on_the_named_host_is_used(url):
    gateway().check_url(url)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://files.example.com/a", "does not use https"),
        ("http://127.0.0.1/a", "does not use https"),
        ("https://127.0.0.1/a", "is on 127.0.0.1:443, but the host of files that the gateway has"),
        ("https://files.example.com:8443/a", "is on files.example.com:8443, but"),
        ("https://files.example.com@10.0.0.5/a", "is on 10.0.0.5:443, but"),
        ("https://10.0.0.5/files.example.com", "is on 10.0.0.5:443, but"),
        ("https://files.example.com.evil.example/a", "but the host of files"),
        ("https://other.example/a", "is on other.example:443, but"),
        ("file:///etc/passwd", "does not use http or https"),
        ("ftp://files.example.com/a", "does not use http or https"),
        ("//files.example.com/a", "does not use http or https"),
        ("https://[::1/a", "is invalid"),
        ("https://files.example.com:99999/a", "is invalid"),
        ("", "does not use http or https"),
    ],
)
def test_any_other_url_is_refused(url, words):
    with pytest.raises(TransferError, match=words):
        gateway().check_url(url)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "localhost",
        "a.localhost",
        "[::1]",
        "[::ffff:7f00:1]",
        "10.0.0.5",
        "169.254.169.254",
        "[fd00:ec2::254]",
    ],
)
def test_a_named_host_that_is_an_inner_address_is_refused(host):
    hostile = gateway(files=f"https://{host}")

    with pytest.raises(TransferError, match="only transferred there if the gateway is there, too"):
        hostile.check_url(f"https://{host}/latest/meta-data")


def test_a_gateway_that_has_named_no_host_is_waited_for():
    early = gateway(files=None)

    with pytest.raises(ConnectionError, match="has not named its host of files yet"):
        early.check_url("https://files.example.com/a")
    early.name("https://files.example.com/bucket")
    early.name(None)
    early.check_url("https://files.example.com/bucket/a")


@pytest.mark.parametrize(
    ("at", "files", "allowed"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("::1", "127.0.0.1", True),
        ("10.0.0.9", "10.0.0.5", True),
        ("10.0.0.9", "fd07::1", True),
        ("10.0.0.9", "127.0.0.1", False),
        ("10.0.0.9", "169.254.169.254", False),
        ("127.0.0.1", "10.0.0.5", False),
        ("127.0.0.1", "169.254.169.254", False),
        (PUBLIC, "10.0.0.5", False),
        (None, "10.0.0.5", False),
        ("10.0.0.9", PUBLIC, True),
        (None, PUBLIC, True),
    ],
)
def test_an_inner_address_needs_a_gateway_in_the_same_place(at, files, allowed):
    host = gateway(at=at)

    if allowed:
        host.check_address("files.example.com", files)
    else:
        with pytest.raises(TransferError, match=f"has the address {files}, which is on this"):
            host.check_address("files.example.com", files)


def test_a_local_gateway_needs_no_https():
    local = gateway("ws://127.0.0.1:4566/v1", "127.0.0.1", None)

    local.check_url("http://127.0.0.1:4566/files/a")
    local.name("http://127.0.0.1:4566/files")
    local.check_url("http://127.0.0.1:4566/files/a")
    with pytest.raises(TransferError, match=r"is on 127\.0\.0\.1:80, but"):
        local.check_url("http://127.0.0.1/a")


@pytest.mark.parametrize("answers", [["10.0.0.5"], [PUBLIC, "127.0.0.1"], ["::ffff:10.0.0.5"]])
def test_a_name_that_leads_inside_is_not_contacted(monkeypatch, answers):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in answers]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("contacted"))

    with pytest.raises(TransferError, match=r"the host of files, files\.example\.com, has the"):
        gateway().connect("files.example.com", 443, 1.0)


def test_the_checked_address_is_the_one_that_is_contacted(monkeypatch):
    asked, contacted = [], []

    def answer(host, port, **_):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (PUBLIC, port))] * 2

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    monkeypatch.setattr(socket, "create_connection", lambda address, _: contacted.append(address))

    gateway().connect("files.example.com", 443, 1.0)

    assert (asked, contacted) == (["files.example.com"], [(PUBLIC, 443)])


def test_the_next_address_is_tried_if_one_does_not_answer(monkeypatch):
    other, contacted = "52.219.140.2", []
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in (PUBLIC, other)]

    def connect(address, _):
        contacted.append(address[0])
        if address[0] == PUBLIC:
            raise ConnectionRefusedError
        return address

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "create_connection", connect)

    assert gateway().connect("files.example.com", 443, 1.0) == (other, 443)
    assert contacted == [PUBLIC, other]
