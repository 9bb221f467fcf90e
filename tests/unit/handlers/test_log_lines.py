import json

import pytest

from spaces.observability import log_event, log_keys, logger


@pytest.fixture
def lines(capsys):
    def read():
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    yield read
    log_keys(route=None)


def test_a_line_has_the_event_its_fields_and_where_it_was_logged(lines):
    log_event("swept", space="echo", ended=2, error=None, about=ValueError("a"))

    (line,) = lines()
    assert (line["message"], line["level"], line["service"]) == ("swept", "INFO", "spaces")
    assert (line["space"], line["ended"], line["about"]) == ("echo", 2, "a")
    assert line["location"].startswith("test_a_line_has")
    assert line["timestamp"].endswith("Z")
    assert "error" not in line


def test_keys_are_in_every_line_until_they_are_taken_away(lines):
    log_keys(route="GET /v1/spaces")
    log_event("one")
    log_event("two")
    log_keys(route=None)
    log_event("three")

    assert [line.get("route") for line in lines()] == ["GET /v1/spaces", "GET /v1/spaces", None]


def test_an_exception_is_told_in_one_line(lines):
    try:
        raise RuntimeError("the table is gone\nand more")
    except RuntimeError:
        logger.exception("unexpected_error")

    (line,) = lines()
    assert line["level"] == "ERROR"
    assert "RuntimeError: the table is gone\nand more" in line["exception"]


def test_a_line_names_the_trace_of_x_ray(lines, monkeypatch):
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3fe1be46a9;Sampled=1")
    log_event("one")

    assert lines()[0]["xray_trace_id"] == "1-5759e988-bd862e3fe1be46a9"
