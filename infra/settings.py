"""Settings of a stage, read from the CDK context and validated."""

import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from types import NoneType
from typing import Any, Final, get_args

from infra.domains import (
    PAGE_CERTIFICATE_REGION,
    problem_with_certificate,
    problem_with_name,
)

LOG_RETENTION_DAYS: Final = (1, 3, 7, 14, 30, 90, 180, 365)
"""Supported retentions, a subset of those of CloudWatch Logs."""

_STAGE_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,15}")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_RESERVED: Final = ("amazon", "aws", "cognito")
"""Cognito refuses domain prefixes with these words, and the stage's name is part of the prefix.

Source: "Configuring a user pool domain".
"""


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
        reserved_concurrency: how many calls of each function that strangers can reach run at once,
            at most and at least; None shares the account's limit among all functions.
        streams_at_once: how many streams run at once, at most and at least; None shares the
            account's limit.
        domain_name: the host name of the page and the API; None keeps CloudFront's.
        certificate_arn: the certificate of ``domain_name``, in us-east-1.
        socket_domain_name: the host name that workers connect to; None keeps API Gateway's.
        socket_certificate_arn: the certificate of ``socket_domain_name``, in the stage's region.
        alarm_email: whom alarms notify; None for nobody.
        emulator_port: the emulator's port on this machine; None on AWS.
        stream_port: the port of the stream front on this machine; None on AWS.
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
    reserved_concurrency: int | None = None
    streams_at_once: int | None = None
    domain_name: str | None = None
    certificate_arn: str | None = None
    socket_domain_name: str | None = None
    socket_certificate_arn: str | None = None
    alarm_email: str | None = None
    emulator_port: int | None = None
    stream_port: int | None = None

    def __post_init__(self) -> None:
        """Reject values that would only fail later, in the middle of a deployment."""
        if _STAGE_NAME.fullmatch(self.stage) is None:
            detail = "use 1 to 16 of a-z, 0-9 and -, starting with a letter"
            raise InvalidSettings(f"The stage name {self.stage!r} is invalid: {detail}.")
        if reserved := next((word for word in _RESERVED if word in self.stage), None):
            detail = f"it contains {reserved!r}, which Cognito reserves. Choose another name"
            raise InvalidSettings(f"The stage name {self.stage!r} is invalid: {detail}.")
        if self.log_retention_days not in LOG_RETENTION_DAYS:
            raise InvalidSettings(f"log_retention_days must be one of {LOG_RETENTION_DAYS}.")
        if self.requests_per_second < 1 or self.burst < 1:
            raise InvalidSettings("requests_per_second and burst must be at least 1.")
        for name in ("reserved_concurrency", "streams_at_once"):
            if (number := getattr(self, name)) is not None and number < 1:
                raise InvalidSettings(
                    f"{name} must be at least 1; leave it out to reserve nothing."
                )
        if self.alarm_email is not None and not _EMAIL.fullmatch(self.alarm_email):
            raise InvalidSettings(f"alarm_email is not an address: {self.alarm_email!r}.")
        if problem := self._problem_with_domains():
            raise InvalidSettings(f"Stage {self.stage!r}: {problem}.")

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

    @property
    def domain_names(self) -> list[str]:
        """The stage's own host names."""
        return [name for name in (self.domain_name, self.socket_domain_name) if name is not None]

    def check_region(self, region: str | None) -> None:
        """Reject a socket certificate of another region than the stage's; None is not known yet.

        Raises:
            InvalidSettings: API Gateway would refuse the certificate.
        """
        arn = self.socket_certificate_arn
        if arn and region:
            problem = problem_with_certificate("socket_certificate_arn", arn, region)
            if problem:
                raise InvalidSettings(f"Stage {self.stage!r}: {problem}.")

    def _problem_with_domains(self) -> str | None:
        pairs = (
            ("domain_name", self.domain_name, "certificate_arn", self.certificate_arn),
            (
                "socket_domain_name",
                self.socket_domain_name,
                "socket_certificate_arn",
                self.socket_certificate_arn,
            ),
        )
        for name_setting, name, arn_setting, arn in pairs:
            if name is None and arn is None:
                continue
            if name is None or arn is None:
                given, missing = name_setting, arn_setting
                if name is None:
                    given, missing = missing, given
                return f"{given} needs {missing}, too. Set both or neither"
            if self.local:
                return f"a stage on the emulator cannot have {name_setting}. Remove it"
            region = PAGE_CERTIFICATE_REGION if name_setting == "domain_name" else None
            problem = problem_with_name(name_setting, name) or problem_with_certificate(
                arn_setting, arn, region
            )
            if problem:
                return problem
        if self.domain_name is not None and self.domain_name == self.socket_domain_name:
            return (
                f"domain_name and socket_domain_name are both {self.domain_name!r}, but they lead "
                f"to different services. Give workers a name of their own: ws.{self.domain_name}"
            )
        return None


def settings_from_context(context: Mapping[str, Any]) -> Settings:
    """Read the settings of the stage that the context names.

    Args:
        context: ``stage`` (a name), ``stages`` (a mapping of names to settings), and optionally
            ``emulator_port`` and ``stream_port``, which override the stage's own.

    Raises:
        InvalidSettings: the stage is unknown, or one of its settings is missing or wrong.
    """
    stages, stage = context.get("stages") or {}, context.get("stage")
    if stage not in stages:
        known = ", ".join(sorted(stages)) or "none"
        raise InvalidSettings(f"cdk.json has no stage {stage!r} (it has: {known}).")
    values = dict(stages[stage])
    for port in ("emulator_port", "stream_port"):
        if port in values:
            values[port] = _port(port, context.get(port) or values[port])
    _check_names_and_types(str(stage), values)
    settings = Settings(stage=str(stage), **values)
    _check_domains_of_others(settings, stages)
    return settings


def _check_names_and_types(stage: str, values: Mapping[str, object]) -> None:
    known = {field.name: field for field in fields(Settings) if field.name != "stage"}
    if unknown := sorted(values.keys() - known.keys()):
        raise InvalidSettings(f"Stage {stage!r} has unknown settings: {', '.join(unknown)}.")
    required = {name for name, field in known.items() if field.default is MISSING}
    if missing := sorted(required - values.keys()):
        raise InvalidSettings(f"Stage {stage!r} is missing settings: {', '.join(missing)}.")
    for name in sorted(values):
        wanted, given = known[name].type, type(values[name])
        # isinstance would accept True as a number of days.
        if given not in (get_args(wanted) or (wanted,)):
            kind = next(kind for kind in get_args(wanted) or (wanted,) if kind is not NoneType)
            detail = f"{name} must be {kind.__name__}, not {given.__name__}"
            raise InvalidSettings(f"Stage {stage!r}: {detail}.")


def _check_domains_of_others(settings: Settings, stages: Mapping[str, Any]) -> None:
    for other, values in stages.items():
        if other == settings.stage:
            continue
        theirs = {values.get("domain_name"), values.get("socket_domain_name")}
        if shared := next((name for name in settings.domain_names if name in theirs), None):
            detail = f"stage {other!r} has the domain {shared!r}, too. Give each its own"
            raise InvalidSettings(f"Stage {settings.stage!r}: {detail}.")


def _port(setting: str, value: object) -> int:
    try:
        port = int(str(value))
    except ValueError:
        port = 0
    if not 0 < port < 2**16:
        raise InvalidSettings(f"{setting} must be a port number, not {value!r}.")
    return port
