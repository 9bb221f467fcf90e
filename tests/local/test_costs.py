"""What requests cost, as benchmarks/COST.md and `infra.admin cost` say."""

import pytest

from benchmarks.cost.report import FILE, steps_text
from benchmarks.cost.scenarios import POLLED, Counted, scenarios
from benchmarks.cost.steps import Steps, count_steps
from benchmarks.waiting import measure_waiting
from benchmarks.webhooks import measure_webhooks
from infra.costs.estimate import UNITS
from infra.costs.prices import MILLION, Item
from infra.costs.usage import use
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local

STEP_OF = {"request_accepted": "submit", "upload": "announce a file"}


@pytest.fixture(scope="module")
def steps(deployed_cloud: DeployedCloud) -> Steps:
    return count_steps(deployed_cloud.cloud.aws("dynamodb"))


@pytest.fixture(scope="module")
def counted(deployed_cloud: DeployedCloud, steps: Steps) -> Counted:
    aws = deployed_cloud.cloud.aws
    ways = {(each.way, each.duration): each for each in measure_waiting(aws("dynamodb"))}
    tries = {each.step: each for each in measure_webhooks(aws("dynamodb"))}
    return Counted(steps, ways, tries["a try that is taken"])


def test_the_document_says_what_steps_cost(steps: Steps) -> None:
    assert steps_text(steps) in FILE.read_text("utf-8")


@pytest.mark.parametrize("name", sorted(UNITS.keys() - {"webhook"}))
def test_estimates_use_the_units_that_are_counted(name: str, steps: Steps) -> None:
    step = steps[STEP_OF.get(name, name)]

    assert (float(step[Item.WRITE_UNIT]), float(step[Item.READ_UNIT])) == UNITS[name]


def test_a_webhook_uses_the_units_that_are_estimated(counted: Counted) -> None:
    assert (counted.webhook.write, counted.webhook.read) == UNITS["webhook"]


def test_a_polled_request_is_calculated_by_hand(counted: Counted) -> None:
    (polled,) = (each for each in scenarios(counted) if each.name == POLLED)
    by_hand = use(
        http_call=1 + 6,
        message=1 + 1 + 2,
        run=1 + 6 + 1 + 1,
        gb_second=(0.06 + 6 * 0.02 + 0.03 + 0.06) / 2,
        write_unit=3 + 1 + 3,
        read_unit=1 + 6 + 0.5 + 1,
    )

    for item in by_hand.amounts:
        assert polled.usage[item] == by_hand[item], item
    rest = (polled.usage.usd(Item.LOG_GB) + polled.usage.usd(Item.TRANSFER_GB)) * MILLION
    assert round(polled.per_million - rest, 4) == round(by_hand.total() * MILLION, 4)


def test_a_million_requests_cost_a_million_times_one(counted: Counted) -> None:
    for each in scenarios(counted):
        assert (each.usage * MILLION).total() == each.per_million
