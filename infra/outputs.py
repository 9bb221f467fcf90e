"""Read the outputs of deployed stacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient


class StackNotDeployed(LookupError):
    """The stack does not exist for these credentials and this region, or is not complete."""


class Outputs(dict[str, str]):
    """The outputs of a stack by name; a missing one means that a deployment is not complete."""

    def __init__(self, stack_name: str, outputs: dict[str, str]) -> None:
        super().__init__(outputs)
        self._stack_name = stack_name

    def __missing__(self, name: str) -> str:
        """Raise for an output that does not exist."""
        raise StackNotDeployed(
            f"Stack {self._stack_name} has no output {name}: it is still being deployed, or its "
            "deployment failed. Wait, or deploy it again."
        )


def stack_outputs(cloudformation: CloudFormationClient, stack_name: str) -> Outputs:
    """Return the outputs of a stack by name.

    Raises:
        StackNotDeployed: the stack does not exist; also when a missing output is read.
    """
    try:
        stacks = cloudformation.describe_stacks(StackName=stack_name)["Stacks"]
    except cloudformation.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        raise StackNotDeployed(
            f"Stack {stack_name} does not exist in this account and region. Deploy it first."
        ) from error
    outputs = stacks[0].get("Outputs", [])
    found = {output["OutputKey"]: output["OutputValue"] for output in outputs}
    return Outputs(stack_name, found)
