"""Failed conditions, and what stood in the way of the write."""

from typing import Any

from botocore.exceptions import ClientError

from spaces.adapters.dynamodb.values import Item


def item_in_the_way(error: ClientError) -> Item | None:
    """Return the item whose state failed the condition, empty if there is none.

    boto3 repeats a call whose answer was lost; if the first one was applied, the second fails on
    what the first one wrote. So each conditional write compares this item with its own trace.

    Returns:
        None if the error is another one than a failed condition.
    """
    response: dict[str, Any] = dict(error.response)
    if response["Error"]["Code"] != "ConditionalCheckFailedException":
        return None
    item: Item = response.get("Item", {})
    return item
