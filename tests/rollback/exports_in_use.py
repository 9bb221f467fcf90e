"""CloudFormation's rule about exports, which the emulator does not apply to updates."""

from collections.abc import Collection, Iterator
from typing import Any


def imports(value: Any) -> Iterator[str]:
    """Yield the names that a template or a part of it imports."""
    match value:
        case {"Fn::ImportValue": str(name)}:
            yield name
        case dict():
            for each in value.values():
                yield from imports(each)
        case list():
            for each in value:
                yield from imports(each)


def refused_exports(
    deployed: dict[str, Any], importing: Collection[str], following: dict[str, Any]
) -> set[str]:
    """Return the exports because of which CloudFormation would refuse an update.

    "Export … cannot be deleted as it is in use by …"; changing the value of one is refused, too.

    Args:
        deployed: the template of the deployed stack that exports.
        importing: the names that other deployed stacks import.
        following: the template that the stack is updated to.
    """

    def values(template: dict[str, Any]) -> dict[str, Any]:
        outputs = template.get("Outputs", {}).values()
        return {each["Export"]["Name"]: each["Value"] for each in outputs if "Export" in each}

    before, after = values(deployed), values(following)
    return {name for name in before if name in importing and after.get(name) != before[name]}
