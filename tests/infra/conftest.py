import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App

from infra.app import build_app
from infra.project import PROJECT_FOLDER
from tests.infra.optional_settings import EVERY_SETTING, LONGEST_NAME
from tests.infra.templates import Template

Synthesize = Callable[..., Template]
"""Takes a stage of cdk.json, settings of it that differ, and ``named`` for another name."""


@pytest.fixture(scope="session")
def synthesize(tmp_path_factory: pytest.TempPathFactory) -> Synthesize:
    """Synthesizes a stage once and returns the resources of both of its stacks."""

    @cache
    def templates(stage: str, named: str | None = None, **changes: Any) -> Template:
        folder = tmp_path_factory.mktemp(f"cdk-{stage}")
        name, stages = named or stage, context()["stages"]
        chosen = {**context(), "stage": name}
        chosen["stages"] = {**stages, name: {**stages[stage], **changes}}
        build_app(App(context=chosen, outdir=str(folder))).synth()
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
