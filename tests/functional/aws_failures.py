"""Errors of AWS's client, as its calls raise them."""

from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError


def refused(code, status=400):
    answer = {
        "Error": {"Code": code, "Message": "m"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(answer, "GetItem")


OVERLOADED = {
    "throttled": refused("ProvisionedThroughputExceededException"),
    "failing": refused("InternalServerError", 500),
    "down": EndpointConnectionError(endpoint_url="https://dynamodb"),
    "slow": ConnectTimeoutError(endpoint_url="https://dynamodb"),
}
"""What may work again a moment later."""


def raising(error):
    """Return a function that always fails."""

    def fail(*_, **__):
        raise error

    return fail
