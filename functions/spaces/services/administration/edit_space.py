"""Creates and edits spaces."""

from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from spaces.domain.errors import InvalidInput, SpaceDisabled, UnknownSpace
from spaces.domain.space import Definition, EditConflict
from spaces.domain.space_names import SPACE_NAMES, natural_order
from spaces.services.administration.audited import Change, audited, differences
from spaces.services.administration.edit_presentation import (
    check_examples,
    presentation_id,
    presentation_of,
    stored_presentation,
)
from spaces.services.administration.space_settings import (
    definition_of,
    read_settings,
    settings_of,
)
from spaces.services.dispatch.advance import advance
from spaces.services.dispatch.sync_limits import sync_limits
from spaces.services.ports.gateway import Gateway
from spaces.services.ports.unreadable import log_unreadable
from spaces.services.spaces.create_space import create_space
from spaces.services.spaces.find_presentation import find_presentation
from spaces_protocol.admin_bodies import ConflictBody, SpaceSettings, SpaceSettingsList

_READ_ONLY = ("cover_url", "created_at", "updated_at", "version", "deleting")
KINDS = ("public", "members", "private")


def list_settings(gateway: Gateway) -> SpaceSettingsList:
    """Return all spaces by name."""
    listed = gateway.spaces.list_kinds(KINDS)
    log_unreadable(gateway, "settings", listed.unreadable)
    found = [space.definition for space in listed.spaces]
    found.sort(key=lambda definition: natural_order(definition.space_id))
    return SpaceSettingsList(
        spaces=[settings_of(gateway, each) for each in found], unreadable=listed.unreadable
    )


def find_definition(gateway: Gateway, space_id: str) -> Definition:
    """Read a definition, strongly consistent.

    Raises:
        UnknownSpace: The space does not exist.
    """
    definition = gateway.spaces.definition(space_id) if SPACE_NAMES.match(space_id) else None
    if definition is None:
        raise UnknownSpace(f"The space {space_id[:60]!r} does not exist.")
    return definition


def add_space(gateway: Gateway, sent: dict[str, Any], who: str) -> SpaceSettings:
    """Create a space.

    Raises:
        InvalidInput: A setting is not valid.
        SpaceExists: The name is taken.
    """
    settings = read_settings(sent)
    check_examples(gateway, settings, None)
    presentation = presentation_of(settings)
    definition = replace(
        definition_of(settings, now=gateway.now()),
        presentation=presentation_id(gateway, presentation),
        version=1,
    )
    planned = Change(after=_editable(settings_of(gateway, definition, presentation)))
    with (
        audited(gateway, who, "create_space", settings.space, planned),
        stored_presentation(gateway, presentation, definition),
    ):
        return settings_of(gateway, create_space(gateway, definition), presentation)


def edit_space(gateway: Gateway, space_id: str, sent: dict[str, Any], who: str) -> SpaceSettings:
    """Edit a space; omitted settings do not change.

    Repeating an edit that was already applied succeeds, whatever version it names: the response
    may have been lost, or the function may have crashed before it updated the queue.

    Raises:
        InvalidInput: A setting is not valid, or the version is missing.
        EditConflict: The edit is based on an older version.
        SpaceDisabled: The space is being deleted.
        UnknownSpace: The space does not exist.
    """
    if "version" not in sent:
        raise InvalidInput(
            "version is missing. Send the version of the space that you are editing."
        )
    definition = find_definition(gateway, space_id)
    shown = find_presentation(gateway, definition, consistent=True)
    current = settings_of(gateway, definition, shown)
    wanted = read_settings({**sent, "space": space_id}, current)
    check_examples(gateway, wanted, current)
    presentation = presentation_of(wanted)
    edited = replace(
        definition_of(wanted, now=gateway.now()),
        created_at=definition.created_at,
        cover=definition.cover,
        presentation=(
            definition.presentation
            if presentation == shown
            else presentation_id(gateway, presentation)
        ),
        version=definition.version + 1,
    )
    planned = differences(_editable(current), _editable(settings_of(gateway, edited, presentation)))
    with audited(gateway, who, "edit_space", space_id, planned):
        expect_not_deleting(definition)
        if wanted.version < definition.version and not planned.after:
            edited = definition
            sync_limits(gateway, definition)
        elif wanted.version != definition.version:
            raise conflict(definition)
        else:
            with stored_presentation(gateway, presentation, edited, definition):
                store_edit(gateway, definition, edited)
    advance(gateway, space_id)
    return settings_of(gateway, edited, presentation)


def expect_not_deleting(definition: Definition) -> None:
    """Raise if a space is being deleted.

    Raises:
        SpaceDisabled: It is.
    """
    if definition.deleting:
        raise SpaceDisabled(
            "The space is being deleted and can no longer be changed. Delete it again until "
            "nothing is left; then its name is free."
        )


def store_edit(gateway: Gateway, before: Definition, after: Definition) -> None:
    """Replace a definition with its edited version and update the queue.

    Raises:
        EditConflict: Someone else edited it first.
    """
    if not gateway.spaces.edit(after, of_version=before.version):
        raise conflict(gateway.spaces.definition(before.space_id) or before)
    sync_limits(gateway, after)


def conflict(current: Definition) -> EditConflict:
    """Return the error for an edit that is not based on the current version."""
    return EditConflict(
        "Someone else has edited the space since you opened it. Review the current settings and "
        "edit those.",
        current=current,
    )


def view_conflict(gateway: Gateway, error: EditConflict) -> ConflictBody:
    """Return the response to an outdated edit, with the current settings."""
    current = settings_of(gateway, error.current)
    return ConflictBody(detail=error.detail, error_type=error.error_type, current=current)


def _editable(settings: SpaceSettings) -> dict[str, Any]:
    fields: dict[str, Any] = to_builtins(settings)
    return {name: value for name, value in fields.items() if name not in _READ_ONLY}
