"""Names of resources that all regions of an account share."""

from aws_cdk import Stack
from constructs import Construct


def account_name(scope: Construct, purpose: str) -> str:
    """Return a name that no other stage and no other region of the account uses.

    CloudFront's policies and origin access controls belong to the account, not to a region. CDK's
    own names for most of them are the same in every region, so that a second region would be
    refused: they exist already.

    Args:
        scope: a construct of the stack.
        purpose: what tells the name from others in the stack, in at most 12 letters. An origin
            access control's name has at most 64 characters.
    """
    stack = Stack.of(scope)
    return f"{stack.stack_name}-{stack.region}-{purpose}"
