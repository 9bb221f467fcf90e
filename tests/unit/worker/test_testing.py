"""What users test their functions with."""

import dataclasses

import pytest

from spaces_worker import RequestContext, Result
from spaces_worker.testing import request_context


@dataclasses.dataclass
class Options:
    times: int = 2


def function(context: RequestContext) -> Result:
    for file in context.files:
        context.progress(50, message=file.name)
        context.stream(file.path().read_text())
    return Result(text=context.prompt * context.params.times)


def test_a_function_is_asked_without_a_gateway(tmp_path):
    (tmp_path / "a.txt").write_text("Hello")

    with request_context("Ab", params=Options(3), files=[tmp_path / "a.txt"]) as context:
        answer = function(context)
        folder = context.folder

    assert answer.text == "AbAbAb"
    assert [(each.percent, each.message) for each in context.told] == [(50, "a.txt")]
    assert context.streamed == "Hello"
    assert not folder.exists()
    assert (tmp_path / "a.txt").exists()


def test_a_context_has_all_that_a_request_has(tmp_path):
    (tmp_path / "a.png").write_bytes(b"123")
    path = str(tmp_path / "a.png")

    with request_context(params={"x": 1}, files=[path], space="demo", attempt=2) as context:
        (file,) = context.files

    assert (context.prompt, context.params, context.space, context.attempt) == (
        "",
        {"x": 1},
        "demo",
        2,
    )
    assert (file.name, file.content_type, file.size) == ("a.png", "image/png", 3)
    assert not context.cancelled.is_set()


def test_params_are_an_empty_dict_if_none_are_given():
    with request_context() as context:
        assert context.params == {}


def test_a_file_that_is_not_there_is_told_at_once():
    with pytest.raises(FileNotFoundError), request_context(files=["nowhere.png"]):
        pass
