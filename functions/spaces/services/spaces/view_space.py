"""The public view of a space: its settings and live state."""

from typing import Final

from spaces.domain.access.caller import Anonymous, Caller
from spaces.domain.files.example_files import example_files_refusal
from spaces.domain.files.rules import file_rules
from spaces.domain.holder import Holder, worker_id_of
from spaces.domain.queue.places import mark_outlived_away
from spaces.domain.queue.queue import Place, Queue
from spaces.domain.queue.wait_estimate import expected_wait
from spaces.domain.space import Definition
from spaces.domain.space_names import natural_order
from spaces.domain.timing import SECOND
from spaces.domain.visibility import may_use
from spaces.services.access.find_space import find_space
from spaces.services.files.sign_file_urls import view_example_files
from spaces.services.ports.declaration_store import Declaration
from spaces.services.ports.gateway import Gateway, Space
from spaces.services.ports.presentation_store import Presentation
from spaces.services.ports.unreadable import log_unreadable
from spaces.services.spaces.cover_url import cover_url
from spaces.services.spaces.find_presentation import find_presentation
from spaces.services.timestamps import seconds, timestamp, timestamp_or_none
from spaces_protocol.examples import wrong_example
from spaces_protocol.rest_bodies import (
    ExampleView,
    SpaceLimits,
    SpaceList,
    SpaceState,
    SpaceView,
    WorkerView,
)

_UNKNOWN: Final = Declaration()
_UNSAID: Final = Presentation()
_WORST_FIRST: tuple[SpaceState, ...] = (
    "offline", "reconnecting", "paused", "draining", "busy", "ready",
)  # fmt: skip


def list_spaces(gateway: Gateway, caller: Caller) -> SpaceList:
    """Return the spaces that the caller may use, by name.

    Anonymous callers can only see public spaces, so the other kinds are not queried.
    """
    kinds = ("public",) if isinstance(caller, Anonymous) else ("public", "members", "private")
    listed = gateway.spaces.list_kinds(kinds)
    log_unreadable(gateway, "spaces", listed.unreadable)
    found = [
        space
        for space in listed.spaces
        if may_use(space.definition, caller) and not space.definition.deleting
    ]
    found.sort(key=lambda space: natural_order(space.definition.space_id))
    return SpaceList(
        spaces=[_view(gateway, space) for space in found], unreadable=listed.unreadable
    )


def view_space(gateway: Gateway, space_id: str, caller: Caller | None = None) -> SpaceView:
    """Return one space.

    Args:
        gateway: Access to the outside.
        space_id: The name of the space.
        caller: The caller; None for the gateway itself, which sees every space.

    Raises:
        UnknownSpace: The space does not exist or is hidden from the caller.
    """
    space = find_space(gateway, space_id, caller)
    declared = gateway.declarations.find(space_id)
    return _view(gateway, space, declared, find_presentation(gateway, space.definition))


def is_connected(queue: Queue) -> bool:
    """Tell whether a connected worker accepts requests."""
    return queue.is_served


def space_state(queue: Queue) -> SpaceState:
    """Return the best state among the space's workers."""
    states: list[SpaceState] = [worker_state(queue, *item) for item in queue.workers.items()]
    return max(states, key=_WORST_FIRST.index, default="offline")


def worker_state(queue: Queue, holder: Holder, place: Place) -> SpaceState:
    """Return the state of one worker."""
    if place.paused:
        return "paused"
    if place.state == "draining":
        return "draining"
    if place.state != "ready":
        return "reconnecting"
    return "busy" if queue.started_by(holder) >= place.slots else "ready"


def _view(
    gateway: Gateway,
    space: Space,
    declared: Declaration = _UNKNOWN,
    presented: Presentation = _UNSAID,
) -> SpaceView:
    (definition, queue), now = space, gateway.now()
    queue = mark_outlived_away(queue, now)
    return SpaceView(
        space=definition.space_id,
        title=definition.title,
        description=definition.description,
        features=list(definition.features),
        limits=SpaceLimits(
            max_input_bytes=definition.max_input_bytes,
            timeout_seconds=definition.timeout / SECOND,
            queue_timeout_seconds=definition.queue_timeout / SECOND,
            max_queue_length=definition.max_queue_length,
        ),
        connected=is_connected(queue),
        state=space_state(queue),
        workers=[
            WorkerView(
                worker_id=worker_id_of(holder),
                state=worker_state(queue, holder, place),  # type: ignore[arg-type]
                since=timestamp(place.since),
            )
            for holder, place in queue.workers.items()
        ],
        queue_length=queue.length,
        running=len(queue.running) - len(queue.prefetched),
        eta_seconds=seconds(expected_wait(queue, queue.length, now)),
        last_seen=timestamp_or_none(queue.last_seen),
        files=file_rules(definition),
        visibility=definition.visibility,
        cover_url=cover_url(gateway, definition),
        embed_origins=list(definition.embed_origins),
        when_offline=definition.when_offline,
        params_schema=declared.params_schema,
        endpoints=list(declared.endpoints),
        examples=_examples(gateway, definition, declared, presented),
        disabled=definition.disabled,
        about=presented.about,
        licence=presented.licence,
        model=presented.model,
        links=list(presented.links),
    )


def _examples(
    gateway: Gateway, definition: Definition, declared: Declaration, presented: Presentation
) -> list[ExampleView]:
    """Return the administrator's or the worker's examples, without those no longer taken."""
    examples = declared.examples if presented.examples is None else presented.examples
    return [
        ExampleView(
            title=example.title,
            prompt=example.prompt,
            params=example.params,
            messages=example.messages,
            files=view_example_files(gateway, definition.space_id, example),
        )
        for example in examples
        if wrong_example([example], features=definition.features) is None
        and example_files_refusal(definition, example) is None
    ]
