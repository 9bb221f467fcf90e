"""Converts between a space's settings in the API and its stored definition."""

from typing import Any, Final, TypeVar

import msgspec

from spaces.domain.access.quota import CallerLimits
from spaces.domain.errors import InvalidInput
from spaces.domain.space import Definition
from spaces.domain.space_names import one_line
from spaces.domain.timing import SECOND
from spaces.services.ports.gateway import Gateway
from spaces.services.ports.presentation_store import Presentation
from spaces.services.spaces.cover_url import cover_url
from spaces.services.spaces.find_presentation import find_presentation
from spaces.services.timestamps import timestamp
from spaces_protocol.admin_bodies import AnonymousLimits, Limits, SpaceSettings, UserLimits
from spaces_protocol.examples import GivenExample
from spaces_protocol.wrong_fields import describe_fault

_AS_THEY_ARE: Final = (
    *("title", "description", "max_files", "max_file_bytes", "max_input_bytes"),
    *("visibility", "max_queue_length", "max_workers", "when_offline", "prefetch"),
    *("requests_per_minute", "disabled", "version"),
)
_LIMITS: Final = ("user_limits", "anonymous_limits")
L = TypeVar("L", bound=Limits)
_LISTS: Final = ("features", "members", "embed_origins")


def settings_of(
    gateway: Gateway, definition: Definition, presentation: Presentation | None = None
) -> SpaceSettings:
    """Return a space's settings as administrators see them.

    Args:
        gateway: Access to the outside.
        definition: The definition.
        presentation: What people read about the space, if that was read before.
    """
    if presentation is None:
        presentation = find_presentation(gateway, definition, consistent=True)
    shared: dict[str, Any] = {name: getattr(definition, name) for name in _AS_THEY_ARE}
    shared |= {name: list(getattr(definition, name)) for name in _LISTS}
    return SpaceSettings(
        space=definition.space_id,
        deleting=definition.deleting,
        accept=None if definition.accept is None else list(definition.accept),
        timeout_seconds=definition.timeout / SECOND,
        queue_timeout_seconds=definition.queue_timeout / SECOND,
        user_limits=limits_of(definition.user_limits, UserLimits),
        anonymous_limits=limits_of(definition.anonymous_limits, AnonymousLimits),
        about=presentation.about,
        licence=presentation.licence,
        model=presentation.model,
        links=list(presentation.links),
        examples=_examples(presentation),
        cover_url=cover_url(gateway, definition),
        created_at=timestamp(definition.created_at),
        updated_at=timestamp(definition.updated_at or definition.created_at),
        **shared,
    )


def definition_of(settings: SpaceSettings, *, now: int) -> Definition:
    """Return the definition of a new space."""
    shared: dict[str, Any] = {name: getattr(settings, name) for name in _AS_THEY_ARE}
    shared |= {name: _unique(getattr(settings, name)) for name in _LISTS}
    return Definition(
        space_id=settings.space,
        created_at=now,
        updated_at=now,
        accept=None if settings.accept is None else tuple(settings.accept),
        timeout=round(settings.timeout_seconds * SECOND),
        queue_timeout=round(settings.queue_timeout_seconds * SECOND),
        user_limits=caller_limits(settings.user_limits),
        anonymous_limits=caller_limits(settings.anonymous_limits),
        **shared,
    )


def read_settings(sent: dict[str, Any], current: SpaceSettings | None = None) -> SpaceSettings:
    """Read settings that were sent; omitted ones keep their value or get the default.

    The same applies to each single limit.

    Raises:
        InvalidInput: Names the field and what it accepts.
    """
    kept = msgspec.to_builtins(current) if current is not None else {}
    try:
        settings = msgspec.convert(_merged(kept, sent), SpaceSettings)
    except msgspec.ValidationError as error:
        raise InvalidInput(f"{describe_fault(error, SpaceSettings)}.") from error
    title = one_line(settings.title) or settings.space.replace("-", " ").capitalize()
    return msgspec.structs.replace(settings, title=title)


def _merged(kept: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
    """Return the stored settings with the sent ones merged in, each limit separately."""
    for whose in _LIMITS:
        if isinstance(sent.get(whose), dict):
            sent = {**sent, whose: {**kept.get(whose, {}), **sent[whose]}}
    return {**kept, **sent}


def caller_limits(limits: Limits) -> CallerLimits:
    """Return limits in their stored form."""
    return CallerLimits(
        requests_per_minute=limits.requests_per_minute,
        max_waiting=limits.max_waiting,
        upload_bytes_per_day=limits.upload_bytes_per_day,
    )


def limits_of(limits: CallerLimits | None, kind: type[L]) -> L:
    """Return limits in the form of the API."""
    limits = limits or CallerLimits()
    return kind(
        requests_per_minute=limits.requests_per_minute,
        max_waiting=limits.max_waiting,
        upload_bytes_per_day=limits.upload_bytes_per_day,
    )


def _examples(presentation: Presentation) -> list[GivenExample] | None:
    if presentation.examples is None:
        return None
    return msgspec.convert(msgspec.to_builtins(presentation.examples), list[GivenExample])


def _unique(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
