"""Log lines for people and for machines."""

import io
import json
import logging

import pytest

from spaces_worker._status.log_handlers import configure_logging


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def _restore():
    logger = logging.getLogger("spaces_worker")
    before = (logger.handlers[:], logger.level, logger.propagate)
    yield
    logger.handlers[:], logger.level, logger.propagate = before


def written(stream, **options):
    configure_logging(stream=stream, **options)
    logger = logging.getLogger("spaces_worker.test")
    logger.debug("hidden")
    logger.info("Request %s answered.", "[b]a[/b]", extra={"request_id": "a", "tone": "good"})
    logger.error("It failed.", exc_info=ValueError("inside"))
    return stream.getvalue()


def test_lines_are_plain_without_a_terminal():
    text = written(io.StringIO())

    assert "INFO    Request [b]a[/b] answered.\n" in text
    assert "\x1b" not in text
    assert "hidden" not in text


def test_verbose_shows_more():
    assert "hidden" in written(io.StringIO(), verbose=True)


def test_a_terminal_gets_colour_and_the_traceback(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    text = written(Terminal())

    assert "\x1b[" in text
    assert "[b]a[/b]" in text
    assert "ValueError: inside" in text


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_a_terminal_that_wants_no_colour_gets_none(monkeypatch, name, value):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv(name, value)

    text = written(Terminal())

    assert "\x1b" not in text
    assert "✓ Request [b]a[/b] answered.\n" in text
    assert "● It failed.\n" in text


@pytest.mark.parametrize("kind", [io.StringIO, Terminal])
def test_what_strangers_wrote_cannot_rule_the_terminal(kind, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    stream = kind()
    configure_logging(stream=stream)

    words = "two\n2026-11-22 ERROR false\x1b]0;title\x07 \u202e"
    logger = logging.getLogger("spaces_worker.test")
    logger.error("It says: %s", words, exc_info=ValueError("\x1b[2J"))

    text = stream.getvalue()
    assert r"two\n2026-11-22 ERROR false\x1b]0;title\x07 \u202e" in text
    assert r"ValueError: \x1b[2J" in text
    assert "\x1b]" not in text
    assert "\x1b[2J" not in text


def test_json_lines_carry_the_request_id_and_the_traceback():
    lines = [json.loads(line) for line in written(io.StringIO(), as_json=True).splitlines()]

    assert [line["level"] for line in lines] == ["info", "error"]
    assert lines[0]["request_id"] == "a"
    assert "ValueError: inside" in lines[1]["exception"]


def test_configuring_twice_does_not_double_the_lines():
    configure_logging(stream=io.StringIO())

    text = written(io.StringIO())

    assert text.count("It failed.") == 1


def test_a_terminal_that_is_gone_stops_nobody(monkeypatch):
    def gone(_text):
        raise OSError(5, "Input/output error")

    terminal = Terminal()
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(terminal, "write", gone)
    configure_logging(stream=terminal)

    logging.getLogger("spaces_worker.test").info("Nobody reads this.")
