"""Accepted findings of cdk-nag, each with its reason."""

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def acknowledge(scope: IConstruct, rule: str, reason: str) -> None:
    """Accept a rule's finding on a construct and its children.

    Args:
        scope: the construct.
        rule: the rule's name, with the finding in brackets if the rule reports several.
        reason: why the finding is intended.
    """
    Validations.of(scope).acknowledge(Acknowledgment(id=rule, reason=reason))
