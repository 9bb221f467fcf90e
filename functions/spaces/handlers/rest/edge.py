"""Tells calls that came through our CloudFront distribution from others."""

import hmac
import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from spaces.observability import logger
from spaces.schema import EDGE_KEY_HEADER
from spaces.settings import FunctionSettings

_SECRET: Final = re.compile(r"[A-Za-z0-9_+/]{40,}")
"""What a secret of Amazon Cognito consists of ("ClientSecretDescriptorType": letters, digits, ``_``
and ``+``), or of the emulator's Cognito (Base64), if it is long enough that nobody guesses it."""


def edge_key() -> str:
    """Return the edge key; an empty one if there is none, or what is set cannot be a secret."""
    return _usable(FunctionSettings.from_environment().edge_key or "")


def came_through_edge(headers: Mapping[str, str]) -> bool:
    """Tell whether a call has the edge key.

    Args:
        headers: Its headers, by name in lower case.
    """
    key = edge_key()
    return bool(key) and _is_equal(headers.get(EDGE_KEY_HEADER, ""), key)


@cache
def _usable(set_key: str) -> str:
    """Return a key unless it cannot be a secret.

    It is the secret of an app client, which CloudFormation reads. CloudFormation used to return a
    sentence instead (awsdocs/aws-cloudformation-user-guide#148). Anyone could send that sentence.
    """
    if not set_key or _SECRET.fullmatch(set_key):
        return set_key
    logger.error("edge_key_unusable", extra={"length": len(set_key)})
    return ""


def _is_equal(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
