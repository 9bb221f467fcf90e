"""The actions that IAM allowed the functions of a local cloud."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from infra.access import FUNCTIONS
from infra.local.cloud import LocalCloud
from infra.local.emulator import iam_log

_ROLE: Final = re.compile(r":assumed-role/[^/]*?-([A-Z][a-z]+)FunctionRole")


class Decision(NamedTuple):
    """An action that IAM allowed, recorded once.

    Attributes:
        function: the function that made the call.
        action: for example ``dynamodb:GetItem``.
        resource: its ARN, without the key of an object or the id of a connection.
    """

    function: str
    action: str
    resource: str


def read_decisions(cloud: LocalCloud) -> Iterator[Decision]:
    """Yield the decisions recorded so far."""
    for line in iam_log(cloud).read_text("utf-8").splitlines():
        principal, action, resource = line.split(" ")
        role = _ROLE.search(principal)
        if role and role[1].lower() in FUNCTIONS:
            yield Decision(role[1].lower(), action, resource)
