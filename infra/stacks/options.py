"""Where a stack goes, and how it gets there."""

from dataclasses import dataclass

from aws_cdk import Environment, IStackSynthesizer


@dataclass(frozen=True, kw_only=True)
class StackOptions:
    """None leaves a choice to the CDK CLI.

    Attributes:
        env: account and region.
        synthesizer: how assets and template are published.
    """

    env: Environment | None = None
    synthesizer: IStackSynthesizer | None = None
