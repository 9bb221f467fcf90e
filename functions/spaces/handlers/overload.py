"""Turns what AWS refuses for the moment into an error that says when to try again."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnection

from spaces.domain.errors import Busy
from spaces.observability import logger

RETRY_AFTER_SECONDS: Final = 5
THROTTLED: Final = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
"""Error codes of a call that was throttled (Amazon DynamoDB, "Error handling with DynamoDB")."""


@contextmanager
def overload_as_busy() -> Iterator[None]:
    """Raise `Busy` for a call that AWS throttled or could not answer, after the client's retries.

    Nothing is known about whether that call was applied: the caller repeats the whole.

    Raises:
        Busy: AWS is overloaded or cannot be reached.
    """
    try:
        yield
    except (ClientError, NoConnection, HTTPClientError) as error:
        if isinstance(error, ClientError) and not _is_overload(error):
            raise
        logger.warning("aws_unavailable", exc_info=True)
        raise Busy(
            "The gateway is overloaded. Try again in a few seconds.",
            retry_after_seconds=RETRY_AFTER_SECONDS,
        ) from error


def _is_overload(error: ClientError) -> bool:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    code = error.response.get("Error", {}).get("Code")
    return code in THROTTLED or status >= HTTPStatus.INTERNAL_SERVER_ERROR
