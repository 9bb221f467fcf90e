"""``--transformers`` with a stand-in for the library, which is no dependency of the tests."""

from types import SimpleNamespace

import pytest

from spaces_worker import UserError
from spaces_worker.adapters import transformers


class FakePipeline:
    """Notes its input, as a path or URL that a pipeline for media would open."""

    def __init__(self, **parts):
        self.given = []
        vars(self).update(parts)

    def __call__(self, given):
        self.given.append(given)
        return [{"label": "cat", "score": 0.9}]


MEDIA = {
    "image": {"image_processor": object(), "feature_extractor": None},
    "audio": {"feature_extractor": object(), "tokenizer": object()},
    "both": {"processor": object(), "tokenizer": object()},
}
TEXT = {
    "text": {"tokenizer": object(), "image_processor": None, "feature_extractor": None},
    "an older version": {"tokenizer": object()},
}


@pytest.fixture
def linked(monkeypatch):
    """Return a function that loads a pipeline with some parts."""

    def load(parts):
        pipeline = FakePipeline(**parts)
        library = SimpleNamespace(pipeline=lambda task, model: pipeline)
        monkeypatch.setattr(transformers, "_installed", lambda: library)
        return pipeline, transformers.Pipeline("some-task:./model")

    return load


@pytest.mark.parametrize("parts", MEDIA.values(), ids=MEDIA)
@pytest.mark.parametrize("prompt", ["/etc/passwd", "http://10.0.0.1/secret.png", "a cat", ""])
async def test_a_pipeline_for_media_never_opens_what_somebody_typed(ask, linked, parts, prompt):
    pipeline, function = linked(parts)

    with pytest.raises(UserError, match="needs a file; attach one"):
        await ask(function, prompt).answer()

    assert pipeline.given == []


@pytest.mark.parametrize("parts", MEDIA.values(), ids=MEDIA)
async def test_a_pipeline_for_media_gets_the_first_file(ask, linked, parts):
    pipeline, function = linked(parts)
    files = {"a.png": ("image/png", b"1"), "b.png": ("image/png", b"2")}
    asked = ask(function, "/etc/passwd", files=files)

    assert (await asked.answer()).text == "cat"
    assert pipeline.given == [str(asked.context.folder / "input-1.png")]


@pytest.mark.parametrize("parts", TEXT.values(), ids=TEXT)
async def test_a_pipeline_for_text_gets_the_prompt(ask, linked, parts):
    pipeline, function = linked(parts)
    asked = ask(function, "/etc/passwd", files={"a.txt": ("text/plain", b"1")})

    assert (await asked.answer()).text == "cat"
    assert pipeline.given == ["/etc/passwd"]


async def test_a_pipeline_for_text_needs_a_prompt(ask, linked):
    _, function = linked(TEXT["text"])

    with pytest.raises(UserError, match="Write a prompt"):
        await ask(function, "").answer()
