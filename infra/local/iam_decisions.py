"""What IAM let the functions of a local cloud do."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from infra.access import FUNCTIONS
from infra.local.cloud import LocalCloud
from infra.local.emulator import iam_log

_ROLE: Final = re.compile(r":assumed-role/[^/]*?-([A-Z][a-z]+)FunctionRole")


class Decision(NamedTuple):
    """Something that IAM allowed; the same is noted once.

    Attributes:
        function: who asked.
        action: for example ``dynamodb:GetItem``.
        resource: its ARN; of an object without its key, of a socket without the connection.
    """

    function: str
    action: str
    resource: str


def read_decisions(cloud: LocalCloud) -> Iterator[Decision]:
    """Yield what was noted so far."""
    for line in iam_log(cloud).read_text("utf-8").splitlines():
        principal, action, resource = line.split(" ")
        role = _ROLE.search(principal)
        if role and role[1].lower() in FUNCTIONS:
            yield Decision(role[1].lower(), action, resource)
