"""Creates and edits spaces."""

from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from spaces.domain.errors import InvalidInput, SpaceDisabled, UnknownSpace
from spaces.domain.space import Definition, EditConflict
from spaces.domain.space_names import SPACE_NAMES
from spaces.services.administration.audited import Change, audited, differences
from spaces.services.administration.space_settings import (
    definition_of,
    read_settings,
    settings_of,
)
from spaces.services.dispatch.advance import advance
from spaces.services.dispatch.sync_limits import sync_limits
from spaces.services.ports.gateway import Gateway
from spaces.services.spaces.create_space import create_space
from spaces_protocol.admin_bodies import ConflictBody, SpaceSettings, SpaceSettingsList

_TOLD = ("cover_url", "created_at", "updated_at", "version", "deleting")
KINDS = ("public", "members", "private")


def list_settings(gateway: Gateway) -> SpaceSettingsList:
    """Return all spaces by name."""
    found = [space.definition for space in gateway.spaces.list_kinds(KINDS)]
    found.sort(key=lambda definition: definition.space_id)
    return SpaceSettingsList(spaces=[settings_of(gateway, each) for each in found])


def find_definition(gateway: Gateway, space_id: str) -> Definition:
    """Read a definition as it is now.

    Raises:
        UnknownSpace: there is none.
    """
    definition = gateway.spaces.definition(space_id) if SPACE_NAMES.match(space_id) else None
    if definition is None:
        raise UnknownSpace(f"There is no space {space_id[:60]!r}.")
    return definition


def add_space(gateway: Gateway, sent: dict[str, Any], who: str) -> SpaceSettings:
    """Create a space.

    Raises:
        InvalidInput, SpaceExists: as their names say.
    """
    settings = read_settings(sent)
    definition = replace(definition_of(settings, now=gateway.now()), version=1)
    planned = Change(after=_editable(settings_of(gateway, definition)))
    with audited(gateway, who, "create_space", settings.space, planned):
        return settings_of(gateway, create_space(gateway, definition))


def edit_space(gateway: Gateway, space_id: str, sent: dict[str, Any], who: str) -> SpaceSettings:
    """Edit a space; what is left out stays as it is.

    An edit that the space has already had succeeds again, whatever version it names: its answer
    was lost, or the function died before the queue was told.

    Raises:
        InvalidInput: a field cannot be so, or the version is missing.
        EditConflict: the edit is based on an older version.
        SpaceDisabled: the space is being deleted.
        UnknownSpace: there is none.
    """
    if "version" not in sent:
        raise InvalidInput("version: say which version of the space you mean to edit.")
    definition = find_definition(gateway, space_id)
    present = settings_of(gateway, definition)
    wanted = read_settings({**sent, "space": space_id}, present)
    edited = replace(
        definition_of(wanted, now=gateway.now()),
        created_at=definition.created_at,
        cover=definition.cover,
        version=definition.version + 1,
    )
    planned = differences(_editable(present), _editable(settings_of(gateway, edited)))
    with audited(gateway, who, "edit_space", space_id, planned):
        expect_kept(definition)
        if wanted.version < definition.version and not planned.after:
            edited = definition
            sync_limits(gateway, definition)
        elif wanted.version != definition.version:
            raise conflict(definition)
        else:
            store_edit(gateway, definition, edited)
    advance(gateway, space_id)
    return settings_of(gateway, edited)


def expect_kept(definition: Definition) -> None:
    """Raise if a space is on its way out.

    Raises:
        SpaceDisabled: it is.
    """
    if definition.deleting:
        raise SpaceDisabled(
            "The space is being deleted and cannot be changed any more. Delete it again, until "
            "nothing is left; then its name is free."
        )


def store_edit(gateway: Gateway, before: Definition, after: Definition) -> None:
    """Write a definition over the one that it was made from, and tell its queue.

    Raises:
        EditConflict: somebody else was quicker.
    """
    if not gateway.spaces.edit(after, of_version=before.version):
        raise conflict(gateway.spaces.definition(before.space_id) or before)
    sync_limits(gateway, after)


def conflict(current: Definition) -> EditConflict:
    """Return the error for an edit that is based on another version than the current one."""
    return EditConflict(
        "Somebody else has edited the space since you opened it. Look at what it is now, and edit "
        "that.",
        current=current,
    )


def view_conflict(gateway: Gateway, error: EditConflict) -> ConflictBody:
    """Return the answer to an outdated edit, with the space as it is now."""
    current = settings_of(gateway, error.current)
    return ConflictBody(detail=error.detail, error_type=error.error_type, current=current)


def _editable(settings: SpaceSettings) -> dict[str, Any]:
    fields: dict[str, Any] = to_builtins(settings)
    return {name: value for name, value in fields.items() if name not in _TOLD}
