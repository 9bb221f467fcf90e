import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from infra.project import PROJECT_FOLDER
from tests.infra.optional_settings import EVERY_SETTING, LONGEST_NAME
from tests.infra.templates import Template

if TYPE_CHECKING:
    from aws_cdk import App

Build = Callable[..., "App"]
"""Takes the context and, if it is to be synthesized, the folder for the templates."""
Synthesize = Callable[..., Template]
"""Takes a stage of cdk.json, settings of it that differ, and ``named`` for another name."""


@pytest.fixture(scope="session")
def build() -> Build:
    """Builds the app. To import the CDK starts Node, which no process of other tests needs."""
    from aws_cdk import App  # noqa: PLC0415

    from infra.app import build_app  # noqa: PLC0415

    def app_of(context: dict[str, Any], folder: Path | None = None) -> App:
        return build_app(App(context=context, outdir=str(folder) if folder else None))

    return app_of


@pytest.fixture(scope="session")
def synthesize(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Synthesize:
    """Synthesizes a stage once and returns the resources of both of its stacks."""

    @cache
    def templates(stage: str, named: str | None = None, **changes: Any) -> Template:
        folder = tmp_path_factory.mktemp(f"cdk-{stage}")
        name, stages = named or stage, context()["stages"]
        chosen = {**context(), "stage": name}
        chosen["stages"] = {**stages, name: {**stages[stage], **changes}}
        build(chosen, folder).synth()
        return Template.read(sorted(folder.glob("*.template.json")))

    return templates


@pytest.fixture(scope="session")
def prod(synthesize: Synthesize) -> Template:
    return synthesize("prod")


@pytest.fixture(scope="session")
def dev(synthesize: Synthesize) -> Template:
    return synthesize("dev")


@pytest.fixture(scope="session")
def full(synthesize: Synthesize) -> Template:
    """A stage like prod with every optional setting and a name of the greatest length."""
    return synthesize("prod", named=LONGEST_NAME, **EVERY_SETTING)


def context() -> dict[str, Any]:
    file: Path = PROJECT_FOLDER / "cdk.json"
    loaded: dict[str, Any] = json.loads(file.read_text("utf-8"))["context"]
    return loaded
