"""Puts a space of a local cloud into states that take bad luck, by writing its queue."""

from typing import Final

from msgspec.structs import replace

from infra.local.cloud import LocalCloud
from spaces.adapters.dynamodb.space_items import SpaceTable
from spaces.bootstrap import random_text
from spaces.domain.holder import worker_id_of

GONE: Final = "bm8gb25l"
"""A connection that never was."""


def let_much_go_wrong(cloud: LocalCloud, space_id: str, gone: str) -> None:
    """Let what runs be overdue, a worker's link be gone, the clock be lost, a submitter be dead.

    All of it is found by whoever touches the space next.

    Args:
        cloud: it runs.
        space_id: of the space.
        gone: the worker whose link is gone without a word.
    """
    table = SpaceTable(cloud.aws("dynamodb"), _spaces_table(cloud), random_text)
    queue = table.issue_ticket(space_id)
    running = {ticket: replace(each, deadline=1) for ticket, each in queue.running.items()}
    workers = {
        holder: replace(place, connection_id=GONE) if worker_id_of(holder) == gone else place
        for holder, place in queue.workers.items()
    }
    table.swap(queue, replace(queue, running=running, workers=workers, sweep_at=None))


def _spaces_table(cloud: LocalCloud) -> str:
    names: list[str] = cloud.aws("dynamodb").list_tables()["TableNames"]
    return next(name for name in names if "TablesSpaces" in name)


def function_name(cloud: LocalCloud, function: str) -> str:
    """Return the name under which a function is deployed."""
    pages = cloud.aws("lambda").get_paginator("list_functions").paginate()
    found = [each for page in pages for each in page["Functions"]]
    handler = f"spaces.handlers.{function}.handler"
    return str(next(each["FunctionName"] for each in found if each["Handler"] == handler))
