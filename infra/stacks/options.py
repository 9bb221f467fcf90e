"""Where a stack is deployed, and how."""

from dataclasses import dataclass

from aws_cdk import Environment, IStackSynthesizer


@dataclass(frozen=True, kw_only=True)
class StackOptions:
    """Deployment options. None leaves the choice to the CDK CLI.

    Attributes:
        env: account and region.
        synthesizer: how assets and templates are published.
    """

    env: Environment | None = None
    synthesizer: IStackSynthesizer | None = None
