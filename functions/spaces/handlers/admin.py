"""Administration by direct invocation: who may call it is a matter of IAM."""

from typing import Any, Literal

import msgspec

from spaces.bootstrap import gateway
from spaces.domain.errors import SpaceError
from spaces.domain.space import MAX_FILE_BYTES_BY_DEFAULT, Definition
from spaces.domain.timing import SECOND
from spaces.observability import logger
from spaces.services.create_space import create_space
from spaces.services.create_token import create_token
from spaces_protocol.errors import ErrorType

Feature = Literal["prompt", "audio", "video", "image", "file"]


class Command(msgspec.Struct, tag_field="action", forbid_unknown_fields=True, kw_only=True):
    """What all commands have in common."""


class CreateSpace(Command, tag="create_space", kw_only=True):
    """Creates a space; durations in seconds. What is left out takes the space's defaults."""

    space: str
    title: str | None = None
    description: str = ""
    features: tuple[Feature, ...] = ("prompt",)
    accept: list[str] | None = None
    max_files: int = 1
    max_file_bytes: int = MAX_FILE_BYTES_BY_DEFAULT
    timeout_seconds: float = 120
    queue_timeout_seconds: float = 3600
    max_workers: int = 1
    max_queue_length: int = 1_000
    when_offline: Literal["queue", "refuse"] = "queue"
    prefetch: bool = False


class CreateToken(Command, tag="create_token", kw_only=True):
    """Creates a worker token."""

    spaces: list[str]
    label: str = ""
    expires_in_days: int | None = None


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Carry out one command; an error comes back as ``error_type`` and ``detail``."""
    try:
        command = msgspec.convert(event, CreateSpace | CreateToken)
        return (
            _create_space(command) if isinstance(command, CreateSpace) else _create_token(command)
        )
    except msgspec.ValidationError as error:
        return {"error_type": ErrorType.INVALID_INPUT.value, "detail": str(error)}
    except SpaceError as error:
        return {"error_type": error.error_type.value, "detail": error.detail}
    except Exception:  # noqa: BLE001 - the edge
        logger.exception("unexpected_error")
        return {
            "error_type": ErrorType.INTERNAL.value,
            "detail": "Something went wrong in the gateway; see the log of the admin function.",
        }


def _create_space(command: CreateSpace) -> dict[str, Any]:
    definition = Definition(
        space_id=command.space,
        title=command.title or command.space.replace("-", " ").capitalize(),
        description=command.description,
        created_at=gateway().now(),
        features=tuple(dict.fromkeys(command.features)),
        accept=None if command.accept is None else tuple(command.accept),
        max_files=command.max_files,
        max_file_bytes=command.max_file_bytes,
        timeout=round(command.timeout_seconds * SECOND),
        queue_timeout=round(command.queue_timeout_seconds * SECOND),
        max_workers=command.max_workers,
        max_queue_length=command.max_queue_length,
        when_offline=command.when_offline,
        prefetch=command.prefetch,
    )
    create_space(gateway(), definition)
    return {"space": command.space}


def _create_token(command: CreateToken) -> dict[str, Any]:
    created = create_token(
        gateway(),
        command.spaces,
        label=command.label,
        expires_in_days=command.expires_in_days,
    )
    return {"token": created.token, "token_id": created.token_id}
