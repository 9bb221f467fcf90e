"""Which space the local commands mean when none is named."""

import pytest

from infra.local.spaces import newest_own_space
from infra.local.status import LocalSpace


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["test-1", "test-2"], "test-2"),
        (["detect-language", "test-1", "chat"], "test-1"),
        (["detect-language", "chat"], "chat"),
    ],
)
def test_ones_own_newest_space_is_meant_and_an_example_only_if_there_is_no_other(
    names: list[str], chosen: str
) -> None:
    spaces = [LocalSpace(space=each, worker_token="wst_x") for each in names]

    assert newest_own_space(spaces).space == chosen
