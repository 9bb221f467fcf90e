"""Which grants of infra/access.py were used, and which were not."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from infra.access import FUNCTIONS, Access
from infra.local.iam_decisions import Decision


class Grant(NamedTuple):
    """One action of a function on one kind of resource."""

    function: str
    action: str
    resource: str


def granted() -> set[Grant]:
    """Return all grants of the table, and those that stand for what is granted with them."""
    return {
        Grant(function, action, resource)
        for function, access in FUNCTIONS.items()
        for action, resource in _actions(access)
    }


def _actions(access: Access) -> Iterator[tuple[str, str]]:
    for table in ("spaces", "connections", "requests"):
        for action in getattr(access, table):
            yield f"dynamodb:{action}", table
    if access.listing:
        yield "dynamodb:Query", "spaces index"
    if access.owned:
        yield "dynamodb:Query", "requests index"
    for method in access.sockets:
        yield "execute-api:ManageConnections", method
    for prefix, actions in access.files.items():
        for action in actions:
            yield f"s3:{action}", prefix
    for action in access.people:
        yield f"cognito-idp:{action}", "people"
    yield from _runs(access)


def _runs(access: Access) -> Iterator[tuple[str, str]]:
    """Yield what starts other functions, at once or by a schedule."""
    if access.sweep_timer:
        yield "lambda:InvokeFunction", "sweep"
    if access.webhooks:
        yield "lambda:InvokeFunction", "webhook"
    if access.sweep_timer or access.webhook_timer:
        yield "scheduler:CreateSchedule", "clock"


def used(decisions: Iterable[Decision]) -> set[Grant]:
    """Return the grants that were needed at least once."""
    return {Grant(each.function, each.action, _kind(each)) for each in decisions}


def _kind(decision: Decision) -> str:
    resource = decision.resource
    service = decision.action.partition(":")[0]
    if service == "dynamodb":
        table = resource.partition(":table/")[2].lower()
        kind = next(
            name for name in ("spaces", "connections", "requests") if f"tables{name}" in table
        )
        return f"{kind} index" if "/index/" in resource else kind
    if service == "execute-api":
        return resource.rpartition("/")[2]
    if service == "cognito-idp":
        return "people"
    if service == "lambda":
        return resource.rpartition("-")[2]
    return "clock" if service == "scheduler" else resource.rpartition("/")[2]


class Rare(NamedTuple):
    """Grants that no test needs, with the reason why they are there."""

    functions: str
    action: str
    resources: str
    reason: str


MOVERS: Final = "register progress result decline offer sweep wait stream"
"""Functions that may find a free slot and a waiting request, and so hand a request over."""
MOVED: Final = (
    ("s3:GetObject", "uploads"),
    ("s3:GetObject", "inputs"),
    ("s3:PutObject", "outputs"),
    ("dynamodb:GetItem", "requests"),
    ("dynamodb:PutItem", "requests"),
    ("dynamodb:UpdateItem", "requests"),
    ("dynamodb:GetItem", "spaces"),
    ("dynamodb:UpdateItem", "spaces"),
    ("execute-api:ManageConnections", "POST"),
    ("execute-api:ManageConnections", "DELETE"),
    ("scheduler:CreateSchedule", "clock"),
)
"""What a mover needs to settle all that can go wrong, and to hand over files and a large input."""
RARE: Final = (
    Rare(
        "drain", "execute-api:ManageConnections", "POST", "tells of an error that nobody expected"
    ),
    Rare("api", "s3:GetObject", "outputs", "shows an answered file that is too large to copy"),
    Rare("api", "s3:DeleteObject", "outputs", "deletes an answered file that is too large to copy"),
    Rare("wait", "s3:GetObject", "outputs", "shows an answered file that is too large to copy"),
    Rare("stream", "s3:GetObject", "outputs", "shows an answered file that is too large to copy"),
    Rare("result", "s3:DeleteObject", "results", "removes its copies if another ending came first"),
)


def by_chance() -> set[Grant]:
    """Return the grants that a run needs only if no timer can be armed, or for a webhook."""
    return {each for each in granted() if each.action == "lambda:InvokeFunction"}


def rare() -> set[Grant]:
    """Return the grants that a full run need not use."""
    return {
        Grant(function, each.action, resource)
        for each in RARE
        for function in each.functions.split()
        for resource in each.resources.split()
    }
