"""The environment as people, desktops and other programs write it."""

import io
import subprocess
import sys

import pytest

from spaces_worker._environment.certificates import check_certificate_variables
from spaces_worker._environment.encodings import write_any_character
from spaces_worker._environment.proxies import (
    matches_no_proxy,
    proxy_of_files,
    proxy_of_server,
    proxy_of_socket,
)
from spaces_worker._environment.text_files import read_text, shell_assignments
from spaces_worker._environment.values import shown_url, unquoted
from spaces_worker._errors import SettingsError
from spaces_worker.cli import app

GATEWAY = "wss://gw.example/v1"
FILES = "https://files.example/a"


@pytest.fixture(autouse=True)
def _no_proxy_of_this_machine(monkeypatch):
    for name in ("http", "https", "all", "no", "socks", "ws", "wss"):
        monkeypatch.delenv(f"{name}_proxy", raising=False)
        monkeypatch.delenv(f"{name}_PROXY".upper(), raising=False)


@pytest.fixture
def _with_socks(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)


@pytest.mark.parametrize(
    ("entry", "host", "port", "excluded"),
    [
        ("*", "gw.example", 443, True),
        ("a, *", "gw.example", 443, True),
        ("gw.example", "gw.example", 443, True),
        ("GW.Example", "gw.example.", 443, True),
        ("gw.example", "a.gw.example", 443, True),
        ("gw.example", "notgw.example", 443, False),
        (".gw.example", "a.gw.example", 443, True),
        ("*.gw.example", "a.gw.example", 443, True),
        ("a b gw.example", "gw.example", 443, True),
        ('"gw.example,b"', "gw.example", 443, True),
        ("gw.example:443", "gw.example", 443, True),
        ("gw.example:8443", "gw.example", 443, False),
        ("https://gw.example/", "gw.example", 443, True),
        ("127.0.0.1", "127.0.0.1", 80, True),
        ("127.0.0.1:9000", "127.0.0.1", 9000, True),
        ("10.0.0.0/8", "10.1.2.3", 80, True),
        ("10.0.0.0/8", "11.1.2.3", 80, False),
        ("10.0.0.0/8", "gw.example", 80, False),
        ("10.0.0.0/99", "10.1.2.3", 80, False),
        ("fd07::/64", "fd07::5", 443, True),
        ("fd07::/64", "gw.example", 443, False),
        ("::1", "::1", 443, True),
        ("[::1]", "::1", 443, True),
        ("[::1]:443", "::1", 443, True),
        ("[::1]:80", "::1", 443, False),
        (".", "gw.example", 443, False),
        ("", "gw.example", 443, False),
        (",,", "gw.example", 443, False),
    ],
)
def test_no_proxy_is_read_in_all_its_forms(entry, host, port, excluded):
    assert matches_no_proxy(host, port, entry) is excluded


@pytest.mark.usefixtures("_with_socks")
@pytest.mark.parametrize(
    ("variables", "socket", "files", "server"),
    [
        ({}, None, None, None),
        ({"HTTPS_PROXY": "http://p:1"}, "http://p:1", "http://p:1", "http://p:1"),
        ({"https_proxy": '"http://p:1"'}, "http://p:1", "http://p:1", "http://p:1"),
        ({"https_proxy": "p:1"}, "http://p:1", "http://p:1", "http://p:1"),
        ({"https_proxy": " "}, None, None, None),
        ({"all_proxy": "http://p:1"}, "http://p:1", "http://p:1", "http://p:1"),
        ({"ALL_PROXY": "socks://p:1"}, *["socks5h://p:1"] * 3),
        ({"ALL_PROXY": "socks5://p:1"}, *["socks5://p:1"] * 3),
        ({"all_proxy": "socks://p:1", "https_proxy": "http://h:1"}, *["http://h:1"] * 3),
        ({"socks_proxy": "p:1"}, "socks5h://p:1", None, None),
        ({"http_proxy": "http://p:1"}, None, None, None),
        ({"https_proxy": "http://p:1", "no_proxy": "example"}, None, None, None),
        ({"https_proxy": "http://p:1", "no_proxy": "gw.example:443"}, None, *["http://p:1"] * 2),
        ({"https_proxy": "http://p:1", "no_proxy": "fd07::/64"}, *["http://p:1"] * 3),
    ],
)
def test_connection_files_and_servers_follow_one_rule(
    monkeypatch, variables, socket, files, server
):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    found = [proxy_of_socket(GATEWAY), proxy_of_files(FILES), proxy_of_server(FILES)]

    assert [each and each.url for each in found] == [socket, files, server]


@pytest.mark.parametrize(
    ("proxy_of", "url", "package"),
    [(proxy_of_socket, GATEWAY, r"python-socks\[asyncio\]"), (proxy_of_server, FILES, "httpx")],
)
def test_a_missing_package_for_socks_is_named_with_the_variable(
    monkeypatch, proxy_of, url, package
):
    monkeypatch.setenv("all_proxy", "socks://127.0.0.1:1080")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(SettingsError, match=f"^all_proxy: .*{package}.*NO_PROXY"):
        proxy_of(url)


@pytest.mark.parametrize("value", ["http://me:secret@[bad", "ftp://me:secret@p:1", "http://:0"])
def test_an_invalid_proxy_is_named_without_its_password(monkeypatch, value):
    monkeypatch.setenv("HTTPS_PROXY", value)

    with pytest.raises(SettingsError, match=r"^HTTPS_PROXY: .* is not a valid proxy URL") as raised:
        proxy_of_server(FILES)

    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("wss://gw.example/v1", "wss://gw.example/v1"),
        ("wss://me:secret@gw.example/v1", "wss://***@gw.example/v1"),
        ("http://me:sec/ret@h:1/x", "http://***@h:1/x"),
        ("http://me:sec#ret@h/x", "http://***@h/x"),
        ("http://me:sec?ret@h/x", "http://***@h/x"),
        ("http://h/v1/@me", "http://h/v1/@me"),
        ("http://h/v1?api-key=secret", "http://h/v1?…"),
        ("me:secret@proxy:3128", "***@proxy:3128"),
        ("http://[::1]:8000/x", "http://[::1]:8000/x"),
        ("http://[bad", "http://[bad"),
    ],
)
def test_a_url_is_shown_without_secrets(url, shown):
    assert shown_url(url) == shown


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("wst_a", "wst_a"),
        (' "wst_a" ', "wst_a"),
        ("'wst_a'", "wst_a"),
        ("“wst_a”", "wst_a"),
        ('"', '"'),
        ('"wst_a', '"wst_a'),
        ('""', ""),
    ],
)
def test_a_pair_of_quotes_is_not_part_of_a_value(written, meant):
    assert unquoted(written) == meant


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("é\r\n".encode(), "é\r\n"),
        (b"\xef\xbb\xbfa", "a"),
        ("é".encode("utf-16"), "é"),
        (b"\xfe\xff\x00a", "a"),
    ],
)
def test_a_byte_order_mark_is_not_part_of_the_text(tmp_path, content, text):
    (tmp_path / "file").write_bytes(content)

    assert read_text(tmp_path / "file") == text


@pytest.mark.parametrize(
    ("text", "assignments"),
    [
        ('export A="x y"\r\nB=1 # why\r\n\r\n# C=2\n', {"A": "x y", "B": "1"}),
        ("export A=1 B='2'", {"A": "1", "B": "2"}),
        ("", {}),
        ("make run", None),
        ("A = 1", None),
        ('A="1', None),
    ],
)
def test_lines_of_a_shell_are_assignments(text, assignments):
    assert shell_assignments(text) == assignments


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "gbk", "latin-1", "ascii", "utf-8"])
@pytest.mark.parametrize("command", ["run", "doctor", "status", "install-service", "mock-app"])
def test_help_can_be_written_in_any_encoding(monkeypatch, encoding, command):
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", out)

    app([command, "--help"], standalone_mode=False)
    out.flush()

    assert b"--help" in out.buffer.getvalue()


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("cp437", "+ -> ... ?"), ("gbk", "+ → … ?"), ("utf-8", "✓ → … ☃")],
)
def test_what_an_encoding_lacks_is_replaced(monkeypatch, encoding, shown):
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", out)

    write_any_character()
    out.write("✓ → … ☃")
    out.flush()

    assert out.buffer.getvalue().decode(encoding) == shown


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_certificates_that_do_not_exist_are_named(monkeypatch, variable):
    monkeypatch.setenv(variable, "/nowhere/ca")

    with pytest.raises(SettingsError, match=f"^{variable}: .*/nowhere/ca.* does not exist"):
        check_certificate_variables()


@pytest.mark.parametrize(
    ("ends", "code", "shown"),
    [
        (">/dev/full", 1, "Error: The output cannot be written (No space left on device).\n"),
        (">&-", 4, ""),
        (">&- 2>&-", 4, ""),
        ("| true", 0, ""),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/full")
def test_output_that_cannot_be_written_is_no_traceback(tmp_path, ends, code, shown):
    command = f"{sys.executable} -m spaces_worker status --state-dir {tmp_path} {ends}"

    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (code, shown)
