"""Read the outputs of deployed stacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient


class StackNotDeployed(LookupError):
    """The stack does not exist for these credentials and this region."""


def stack_outputs(cloudformation: CloudFormationClient, stack_name: str) -> dict[str, str]:
    """Return the outputs of a stack by name.

    Raises:
        StackNotDeployed: the stack does not exist.
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
    return {output["OutputKey"]: output["OutputValue"] for output in outputs}
