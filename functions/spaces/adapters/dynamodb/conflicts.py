"""Failed conditions, and the items that made them fail."""

from typing import Any

from botocore.exceptions import ClientError

from spaces.adapters.dynamodb.values import Item


def item_in_the_way(error: ClientError) -> Item | None:
    """Return the item that failed the condition; empty if it does not exist.

    boto3 retries a call whose response was lost. If the first call was applied, the retry fails on
    what it wrote. So each conditional write compares this item with what it meant to write.

    Returns:
        None if the error is not a failed condition.
    """
    response: dict[str, Any] = dict(error.response)
    if response["Error"]["Code"] != "ConditionalCheckFailedException":
        return None
    item: Item = response.get("Item", {})
    return item
