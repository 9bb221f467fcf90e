"""Findings of cdk-nag that are meant to be so, each with its reason."""

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def acknowledge(scope: IConstruct, rule: str, reason: str) -> None:
    """Accept a finding of a rule on a construct and what it contains.

    Args:
        scope: the construct.
        rule: name of the rule, with the finding in brackets where it reports several.
        reason: why it is meant to be so.
    """
    Validations.of(scope).acknowledge(Acknowledgment(id=rule, reason=reason))
