from dataclasses import fields
from typing import Any

import pytest

from infra.project import PROJECT_FOLDER
from infra.settings import InvalidSettings, Settings, settings_from_context
from tests.infra.conftest import context


def changed(**changes: object) -> dict[str, Any]:
    stages = {**context()["stages"]}
    stages["dev"] = {**stages["dev"], **changes}
    return {"stage": "dev", "stages": stages}


def test_each_stage_of_cdk_json_is_usable() -> None:
    for stage in context()["stages"]:
        settings = settings_from_context({**context(), "stage": stage})

        assert settings.service_stack_name == f"spaces-{stage}-service"
        assert settings.local == (stage == "local")


def test_the_port_of_the_emulator_comes_from_the_command_line() -> None:
    settings = settings_from_context({**context(), "stage": "local", "emulator_port": "4600"})

    assert settings.emulator_port == 4600


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"stage": "staging", "stages": {"dev": {}}}, "no stage 'staging'"),
        ({"stage": None, "stages": None}, "no stage None"),
        (changed(burst="many"), "burst must be int"),
        (changed(keep_data=1), "keep_data must be bool"),
        (changed(burst=0), "at least 1"),
        (changed(log_retention_days=2), "log_retention_days must be one of"),
        (changed(colour="red"), "unknown settings: colour"),
        ({"stage": "dev", "stages": {"dev": {"burst": 1}}}, "is missing settings"),
        ({**context(), "stage": "local", "emulator_port": "x"}, "emulator_port must be a port"),
        ({**context(), "stage": "local", "stream_port": "0"}, "stream_port must be a port number"),
        ({"stage": "Dev", "stages": {"Dev": context()["stages"]["dev"]}}, "is invalid"),
        *(
            (
                {"stage": name, "stages": {name: context()["stages"]["dev"]}},
                f"'{word}', which Cognito reserves",
            )
            for name, word in (
                ("aws", "aws"),
                ("laws", "aws"),
                ("on-amazon", "amazon"),
                ("cognito-test", "cognito"),
            )
        ),
        (changed(reserved_concurrency=0), "reserved_concurrency must be at least 1"),
        (changed(alarm_email="nobody"), "alarm_email is not an address: 'nobody'"),
        (changed(reserved_concurrency=True), "reserved_concurrency must be int, not bool"),
    ],
)
def test_wrong_settings_are_told(given: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidSettings, match=told):
        settings_from_context(given)


def test_every_setting_of_a_stage_is_documented() -> None:
    text = (PROJECT_FOLDER / "docs" / "operations.md").read_text("utf-8")
    table = text.partition("## Settings of a stage")[2]

    of_this_machine = {"emulator_port", "stream_port"}
    for setting in {field.name for field in fields(Settings)} - {"stage", *of_this_machine}:
        assert f"`{setting}`" in table
