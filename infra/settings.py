"""Settings of a stage, read from the CDK context and validated."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, cast

LOG_RETENTION_DAYS: Final = (1, 3, 7, 14, 30, 90, 180, 365)
"""Supported retentions, a subset of those of CloudWatch Logs."""

_STAGE_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,15}")


class InvalidSettings(ValueError):
    """The context names an unusable stage; the message says what to change."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How one stage is deployed.

    Attributes:
        stage: the stage's name; part of the stack names.
        keep_data: whether tables and files survive ``cdk destroy``.
        point_in_time_recovery: whether tables have continuous backups (billed by size).
        log_retention_days: how long log lines are kept.
        requests_per_second: steady rate limit of each API.
        burst: burst limit of each API.
        tracing: whether Lambda's active tracing (AWS X-Ray) is on.
        self_sign_up: whether people can create accounts; otherwise an administrator invites them.
        require_mfa: whether signing in also needs a code from an authenticator app.
        emulator_port: the emulator's port on this machine; None on AWS.
    """

    stage: str
    keep_data: bool
    point_in_time_recovery: bool
    log_retention_days: int
    requests_per_second: int
    burst: int
    tracing: bool
    self_sign_up: bool
    require_mfa: bool
    emulator_port: int | None = None

    def __post_init__(self) -> None:
        """Reject values that would only fail later, in the middle of a deployment."""
        if _STAGE_NAME.fullmatch(self.stage) is None:
            detail = "use 1 to 16 of a-z, 0-9 and -, starting with a letter"
            raise InvalidSettings(f"The stage name {self.stage!r} is invalid: {detail}.")
        if self.log_retention_days not in LOG_RETENTION_DAYS:
            raise InvalidSettings(f"log_retention_days must be one of {LOG_RETENTION_DAYS}.")
        if self.requests_per_second < 1 or self.burst < 1:
            raise InvalidSettings("requests_per_second and burst must be at least 1.")

    @property
    def local(self) -> bool:
        """Whether the stage runs on the emulator instead of AWS."""
        return self.emulator_port is not None

    @property
    def data_stack_name(self) -> str:
        """Name of the stack with the data."""
        return f"spaces-{self.stage}-data"

    @property
    def service_stack_name(self) -> str:
        """Name of the stack that can be replaced at any time."""
        return f"spaces-{self.stage}-service"


def settings_from_context(context: Mapping[str, Any]) -> Settings:
    """Read the settings of the stage that the context names.

    Args:
        context: ``stage`` (a name), ``stages`` (a mapping of names to settings), and optionally
            ``emulator_port``, which overrides the stage's own.

    Raises:
        InvalidSettings: the stage is unknown, or one of its settings is missing or wrong.
    """
    stages, stage = context.get("stages") or {}, context.get("stage")
    if stage not in stages:
        known = ", ".join(sorted(stages)) or "none"
        raise InvalidSettings(f"cdk.json has no stage {stage!r} (it has: {known}).")
    values = dict(stages[stage])
    if "emulator_port" in values:
        values["emulator_port"] = _port(context.get("emulator_port") or values["emulator_port"])
    _check_names_and_types(str(stage), values)
    return Settings(stage=str(stage), **values)


def _check_names_and_types(stage: str, values: Mapping[str, object]) -> None:
    expected = {field.name: field.type for field in fields(Settings) if field.name != "stage"}
    if unknown := sorted(values.keys() - expected.keys()):
        raise InvalidSettings(f"Stage {stage!r} has unknown settings: {', '.join(unknown)}.")
    required = expected.keys() - {"emulator_port"}
    if missing := sorted(required - values.keys()):
        raise InvalidSettings(f"Stage {stage!r} is missing settings: {', '.join(missing)}.")
    for name in sorted(required):
        wanted, given = cast("type", expected[name]), type(values[name])
        # isinstance would accept True as a number of days.
        if given is not wanted:
            detail = f"{name} must be {wanted.__name__}, not {given.__name__}"
            raise InvalidSettings(f"Stage {stage!r}: {detail}.")


def _port(value: object) -> int:
    try:
        port = int(str(value))
    except ValueError:
        port = 0
    if not 0 < port < 2**16:
        raise InvalidSettings(f"emulator_port must be a port number, not {value!r}.")
    return port
