"""What no version may change, because a deployed stage depends on it."""

import inspect
from typing import Any, Final

from spaces import schema
from spaces.adapters.dynamodb import keys
from tests.infra.lasting import recorded
from tests.infra.templates import Template

ARGUMENTS: Final = {
    "space_id": "lab",
    "kind": "worker_token",
    "digest": "0a1b2c",
    "credential_id": "id1",
    "presentation_id": "id1",
    "scope": "key#1",
    "month": "2026-11",
    "record": "entry",
    "connection_id": "c1",
    "ticket": 42,
    "part": "result",
    "attempt": 2,
    "index": 3,
}
TABLE: Final = "AWS::DynamoDB::GlobalTable"


def test_nothing_with_data_is_replaced(prod: Template) -> None:
    """Another logical id means another, empty resource, next to the one with the data."""
    now = {id_: prod.resources.get(id_, {}).get("Type") for id_ in recorded("data")}

    assert now == recorded("data")


def test_everything_in_the_stack_with_the_data_is_recorded(prod: Template) -> None:
    (data,) = (file for file in prod.files if "data" in file.name)

    assert Template.read([data]).resources.keys() == recorded("data").keys()


def test_addresses_stay(prod: Template) -> None:
    """Another logical id of one of these means another address, client or place of schedules."""
    now = {id_: prod.resources.get(id_, {}).get("Type") for id_ in recorded("addresses")}

    assert now == recorded("addresses")


def test_tables_keep_what_cannot_change_without_replacing_them(prod: Template) -> None:
    now = {
        id_: {
            "keys": [key["AttributeName"] for key in table["Properties"]["KeySchema"]],
            "indexes": {
                index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]]
                for index in table["Properties"].get("GlobalSecondaryIndexes", [])
            },
        }
        for id_, table in prod.of_type(TABLE).items()
    }

    assert now == recorded("tables")


def test_items_are_found_under_the_keys_of_before() -> None:
    assert {name: now_or_none(name) for name in recorded("keys")} == recorded("keys")


def test_the_key_of_every_item_is_recorded() -> None:
    makers = {name for name, _ in inspect.getmembers(keys, inspect.isfunction)}

    assert {name for name in makers if name.endswith("_key")} == recorded("keys").keys()


def test_names_that_stacks_and_items_share_stay() -> None:
    now = {name: getattr(schema, name) for name in recorded("schema")}

    assert now == recorded("schema")


def now_or_none(name: str) -> Any:
    maker = getattr(keys, name, None)
    if maker is None:
        return None
    return maker(*(ARGUMENTS[parameter] for parameter in inspect.signature(maker).parameters))
