import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.code_asset import AWS_TARGET, build_code_asset
from infra.project import PROJECT_FOLDER
from tests.infra.conftest import Build, Synthesize, context
from tests.infra.templates import Template

CDK = PROJECT_FOLDER / "node_modules" / ".bin" / "cdk"
BIN = Path(sys.executable).parent
CDK_LIBRARIES = Path.home() / ".cache" / "aws" / "jsii" / "package-cache"


def test_synthesis_needs_nothing_of_the_environment(tmp_path: Path) -> None:
    build_code_asset(AWS_TARGET)  # what comes from a registry
    environment = {
        "PATH": f"{BIN}{os.pathsep}{os.defpath}",
        "HOME": str(tmp_path),
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        # The libraries of the CDK, unpacked where other commands find them on Linux.
        "JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(CDK_LIBRARIES),
    }

    done = subprocess.run(
        [CDK, "synth", "--quiet", "--no-notices", "--output", str(tmp_path / "out")],
        cwd=PROJECT_FOLDER,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "spaces-dev-service.template.json").exists()
    assert not (PROJECT_FOLDER / "cdk.context.json").exists()


def test_cloudformation_accepts_the_templates(
    dev: Template, prod: Template, full: Template
) -> None:
    """cfn-lint takes seconds to read its schemas, so it looks at all stages in one process."""
    files = [str(file) for stage in (dev, prod, full) for file in stage.files]

    done = subprocess.run(
        [
            BIN / "cfn-lint",
            *("--regions", "us-east-1", "eu-central-1"),
            # CDK itself names dependencies that references imply.
            *("--ignore-checks", "W3005", "--", *files),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("stage", ["dev", "prod", "local"])
def test_cdk_nag_finds_nothing_that_is_not_meant(stage: str, synthesize: Synthesize) -> None:
    assert synthesize(stage).resources  # a finding ends the synthesis


def test_cdk_nag_does_look(build: Build, tmp_path: Path) -> None:
    from aws_cdk import aws_s3 as s3  # noqa: PLC0415

    app = build({**context(), "stage": "dev"}, tmp_path)
    stack = app.node.find_child("spaces-dev-data")
    s3.Bucket(stack, "Careless")  # type: ignore[arg-type]

    with pytest.raises(RuntimeError, match="AwsSolutions-S10"):
        app.synth()
