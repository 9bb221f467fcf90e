import shutil
from pathlib import Path

import pytest

from infra.code_asset import AWS_TARGET, build_code_asset

MEGABYTE = 1_000_000
BROUGHT_BY_THE_RUNTIME_OR_TOO_SLOW = ("boto3", "botocore", "pydantic", "aws_xray_sdk", "aws_cdk")


@pytest.fixture(scope="module")
def asset() -> Path:
    return build_code_asset(AWS_TARGET)


def test_the_zip_is_small(asset: Path, tmp_path: Path) -> None:
    archive = shutil.make_archive(str(tmp_path / "functions"), "zip", asset)

    assert Path(archive).stat().st_size <= 5 * MEGABYTE


def test_the_contents_are_the_import_root(asset: Path) -> None:
    names = {path.name for path in asset.iterdir()}

    assert {"spaces", "spaces_protocol", "msgspec", "aws_lambda_powertools"} <= names
    assert not names & set(BROUGHT_BY_THE_RUNTIME_OR_TOO_SLOW)


def test_the_streaming_runtime_can_be_started(asset: Path) -> None:
    start = asset / "streaming_runtime" / "start"

    assert start.stat().st_mode & 0o111 == 0o111
    assert start.read_text().startswith("#!/bin/sh\n")


def test_compiled_code_is_for_the_target(asset: Path) -> None:
    compiled = {path.name for path in asset.rglob("*.so")}

    assert compiled
    assert all("cpython-313-aarch64" in name for name in compiled)


def test_nothing_is_shipped_that_functions_do_not_run(asset: Path) -> None:
    ballast = [
        path
        for path in asset.rglob("*")
        if path.suffix in {".pyc", ".pyi"} or path.name in {"tests", "__pycache__"}
    ]

    assert not ballast


def test_the_same_sources_give_the_same_folder(asset: Path) -> None:
    assert build_code_asset(AWS_TARGET) == asset
