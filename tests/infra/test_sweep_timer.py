from tests.infra.templates import Template, as_list


def test_a_failed_sweep_or_webhook_is_run_again_then_kept(prod: Template) -> None:
    repeated = prod.properties("AWS::Lambda::EventInvokeConfig")

    assert len(repeated) == 2  # sweeps and webhooks
    for again in repeated:
        assert again["MaximumRetryAttempts"] == 2
        assert "Failed" in str(again["DestinationConfig"]["OnFailure"]["Destination"])


def test_the_scheduler_may_call_sweeps_and_webhooks_and_nothing_else(prod: Template) -> None:
    (statement,) = prod.statements("SweepTimerRole")

    assert as_list(statement["Action"]) == ["lambda:InvokeFunction"]
    functions = [str(resource) for resource in as_list(statement["Resource"])]
    assert len(functions) == 2
    assert "function:spaces-prod-sweep" in functions[0]
    assert "function:spaces-prod-webhook" in functions[1]


def test_no_schedule_is_deployed(prod: Template) -> None:
    """Schedules are made while a space has work, and delete themselves."""
    assert prod.of_type("AWS::Scheduler::Schedule") == {}
