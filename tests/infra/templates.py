"""Reads synthesized templates."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

Resource = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Template:
    """The resources and outputs of all stacks of a stage, by logical id."""

    files: list[Path]
    resources: dict[str, Resource]
    outputs: dict[str, dict[str, Any]]

    @classmethod
    def read(cls, files: list[Path]) -> Self:
        resources: dict[str, Resource] = {}
        outputs: dict[str, dict[str, Any]] = {}
        for file in files:
            template = json.loads(file.read_text("utf-8"))
            resources |= template["Resources"]
            outputs |= template["Outputs"]
        return cls(files, resources, outputs)

    def of_type(self, type_: str) -> dict[str, Resource]:
        """Return the resources of a type, by logical id."""
        return {id_: each for id_, each in self.resources.items() if each["Type"] == type_}

    def properties(self, type_: str) -> list[dict[str, Any]]:
        """Return the properties of all resources of a type."""
        return [each.get("Properties", {}) for each in self.of_type(type_).values()]

    def statements(self, owner: str) -> Iterator[dict[str, Any]]:
        """Yield the policy statements of a function, by the start of its logical ids."""
        for id_, policy in self.of_type("AWS::IAM::Policy").items():
            if id_.startswith(owner):
                yield from policy["Properties"]["PolicyDocument"]["Statement"]


def as_list(value: Any) -> list[Any]:
    """Return a value that CloudFormation lets stand for a list of one as a list."""
    return value if isinstance(value, list) else [value]


def as_text(value: Any) -> str:
    """Return a text that CloudFormation puts together, with names for what it fills in."""
    match value:
        case {"Fn::Join": [separator, parts]}:
            return str(separator).join(as_text(part) for part in parts)
        case {"Ref": name} | {"Fn::ImportValue": name} | {"Fn::GetAtt": [name, _]}:
            return f"<{name}>"
        case _:
            return str(value)
