"""Answers requests with a pipeline of Hugging Face transformers, which is not a dependency."""

import importlib
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from spaces_worker._errors import FunctionError, SettingsError, UserError
from spaces_worker._functions.call_input import length_of
from spaces_worker._functions.context import RequestContext
from spaces_worker._functions.result import Result
from spaces_worker.adapters._generation import generate

WRITING: Final = "text-generation"
_TEXTS: Final = ("generated_text", "translation_text", "summary_text", "text", "answer", "label")
"""Fields in which pipelines return their text."""


_READERS: Final = ("image_processor", "feature_extractor", "processor")
"""Attributes of a pipeline that prepare images, audio or video."""


class WritingParams(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Options for users of ``text-generation``; the model chooses those that are missing."""

    max_new_tokens: Annotated[int, Meta(ge=1, le=100_000)] | None = None
    do_sample: bool | None = None
    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, Meta(gt=0, le=1)] | None = None
    repetition_penalty: Annotated[float, Meta(gt=0, le=2)] | None = None


class Pipeline:
    """A loaded pipeline, which answers one request at a time.

    Args:
        name: ``TASK:PATH``, such as ``text-generation:./my-model``, where the path is a folder or a
            name on the Hugging Face Hub.

    Raises:
        SettingsError: ``name`` does not have this form.
        FunctionError: transformers is not installed, or the model cannot be loaded.
    """

    def __init__(self, name: str) -> None:
        self._task, _, model = name.partition(":")
        if not self._task or not model:
            raise SettingsError(
                f"{name!r} is not of the form TASK:PATH, such as text-generation:./my-model."
            )
        self._model = Path(model).name
        self._turn = threading.Lock()
        self._transformers = _installed()
        try:
            self._pipeline = self._transformers.pipeline(self._task, model=model)
        except Exception as error:
            problem = f"transformers cannot load {model} for {self._task}: {error}"
            raise FunctionError(problem) from error

    @property
    def params(self) -> type[Struct] | None:
        """The options for users; None if there are none."""
        return WritingParams if self._task == WRITING else None

    @property
    def _reads_files(self) -> bool:
        """Whether the pipeline takes images, audio or video.

        Such a pipeline opens any text as a path or URL, so it must never be given the prompt.
        """
        return any(getattr(self._pipeline, name, None) is not None for name in _READERS)

    def __call__(self, context: RequestContext) -> Iterator[str | Result]:
        """Yield a text while it is generated, or the whole result at the end."""
        with self._turn:
            if self._task != WRITING:
                given = _file_of(context) if self._reads_files else _prompt_of(context)
                yield _result_of(self._pipeline(given), self._model)
                return
            usage = yield from generate(
                self._transformers, self._pipeline, context, _params_of(context)
            )
            yield Result(model=self._model, usage=usage)


def _installed() -> Any:  # noqa: ANN401 - a package that may be missing has no types
    try:
        importlib.import_module("torch")
        return importlib.import_module("transformers")
    except ModuleNotFoundError as error:
        raise FunctionError(
            f"--transformers needs the package {error.name}: pip install transformers torch"
        ) from error


def _params_of(context: RequestContext) -> dict[str, Any]:
    """Return the arguments of the generation; calls name the longest answer in their own way."""
    most = None if context.call is None else length_of(context.call)
    named = {} if most is None else {"max_new_tokens": most}
    params = {**named, **msgspec.to_builtins(context.params)}
    if params.get("temperature") == 0:  # transformers has another name for it
        params |= {"temperature": None, "do_sample": False}
    return {name: value for name, value in params.items() if value is not None}


def _file_of(context: RequestContext) -> str:
    """Return the path of the first file, because pipelines take one input."""
    if not context.files:
        raise UserError("This space needs a file; attach one.", error_type="file_missing")
    return str(context.files[0].path())


def _prompt_of(context: RequestContext) -> str:
    if not context.prompt:
        raise UserError("Write a prompt.", error_type="invalid_input")
    return context.prompt


def _result_of(output: Any, model: str) -> Result:  # noqa: ANN401 - each task has its own
    first = output[0] if isinstance(output, list) and output else output
    fields = first if isinstance(first, Mapping) else {}
    text = next((str(fields[name]) for name in _TEXTS if name in fields), None)
    return Result(text=text, data=_plain(output), confidence=_confidence_in(fields), model=model)


def _confidence_in(fields: Mapping[str, Any]) -> float | None:
    """Return the score; None if it is not a probability, as with raw logits or NaN."""
    score = fields.get("score")
    return float(score) if isinstance(score, int | float) and 0 <= score <= 1 else None


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a value in plain JSON types; numbers of NumPy and torch are converted."""
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    return _plain(value.tolist()) if hasattr(value, "tolist") else str(value)
