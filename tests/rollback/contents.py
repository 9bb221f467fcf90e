"""What a deployed stage holds, to be compared before and after a deployment."""

import json
from dataclasses import dataclass
from typing import Any, Final

from infra.local.cloud import LocalCloud
from infra.local.deploy import STACKS
from infra.outputs import stack_outputs
from infra.user_pool import UserPool
from spaces import schema

DATA, SERVICE = STACKS
RUNNING: Final = "-running"
"""How spaces are called whose worker stays connected during a deployment."""
_OF_HANDSHAKES: Final = ("last_used_at", "handshake_hour", "handshakes")


@dataclass(frozen=True)
class Contents:
    """Everything that a deployment must not touch.

    Attributes:
        resources: physical ids of the stack with the data, by logical id.
        addresses: outputs of the service stack that people and workers know.
        items: items of the tables of spaces and requests, by table and key. Connections end at any
            time.
        files: entity tags of the files, by key.
        people: the users.
    """

    resources: dict[str, str]
    addresses: dict[str, str]
    items: dict[str, Any]
    files: dict[str, str]
    people: list[str]

    def lost(self, after: "Contents") -> list[str]:
        """Return what is no longer there, or no longer the same."""
        found = []
        for part in ("resources", "addresses", "items", "files"):
            mine, theirs = getattr(self, part), getattr(after, part)
            found += [f"{part}: {key}" for key, value in mine.items() if theirs.get(key) != value]
        return found + [f"people: {name}" for name in self.people if name not in after.people]

    def __str__(self) -> str:
        """Return how much there is."""
        return f"{len(self.items)} items, {len(self.files)} files, {len(self.people)} people"


def contents(cloud: LocalCloud) -> Contents:
    """Read what a deployed stage holds."""
    cloudformation = cloud.aws("cloudformation")
    data = stack_outputs(cloudformation, DATA)
    service = stack_outputs(cloudformation, SERVICE)
    resources = cloudformation.list_stack_resources(StackName=DATA)["StackResourceSummaries"]
    return Contents(
        resources={each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources},
        addresses={name: service[name] for name in ("PageUrl", "ApiUrl", "SocketUrl")},
        items={
            f"{table} {key}": value
            for table in ("SpacesTable", "RequestsTable")
            for key, value in _items(cloud, data[table])
        },
        files={
            each["Key"]: each["ETag"]
            for each in cloud.aws("s3")
            .list_objects_v2(Bucket=data["FilesBucket"])
            .get("Contents", [])
        },
        people=[
            f"{person.name} {person.administrator} {person.state}"
            for person in UserPool(cloud.aws("cognito-idp"), data["UserPoolId"]).people()
        ],
    )


def _items(cloud: LocalCloud, table: str) -> list[tuple[str, str | None]]:
    names = (schema.SPACE_ID, schema.RECORD, schema.TICKET)
    found: list[tuple[str, str | None]] = []
    for page in cloud.aws("dynamodb").get_paginator("scan").paginate(TableName=table):
        for item in page["Items"]:
            key = json.dumps({name: item[name]["S"] for name in names if name in item})
            found.append((key, _lasting(item)))
    return found


def _lasting(item: dict[str, Any]) -> str | None:
    """Return what nobody changes during a deployment; None if anything may change.

    A sweep may change a queue at any time, and a connected worker its requests and its token.
    """
    space = item[schema.SPACE_ID]["S"]
    if item.get(schema.RECORD, {}).get("S") == "queue" or space.endswith(RUNNING):
        return None
    return repr(sorted((name, value) for name, value in item.items() if name not in _OF_HANDSHAKES))
