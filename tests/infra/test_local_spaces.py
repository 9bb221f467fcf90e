"""Which space the local commands mean when none is named, and how those of demos are made."""

import pytest

from infra.local.demos import DEMOS, Example
from infra.local.spaces import newest_own_space
from infra.local.status import LocalSpace
from spaces.services.administration.space_settings import read_settings


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


@pytest.mark.parametrize("example", Example)
def test_the_gateway_takes_the_settings_of_each_demo(example: Example) -> None:
    demo = DEMOS[example]
    sent = {"space": demo.space, "description": demo.description, **demo.settings}

    settings = read_settings(dict(sent))

    assert {name: value for name, value in sent.items() if name != "links"} == {
        name: getattr(settings, name) for name in sent if name != "links"
    }
