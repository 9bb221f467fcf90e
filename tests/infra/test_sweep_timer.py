from tests.infra.templates import Template, as_list


def test_a_failed_sweep_is_run_again_then_kept_and_noticed(prod: Template) -> None:
    (again,) = prod.properties("AWS::Lambda::EventInvokeConfig")
    (alarm,) = prod.properties("AWS::CloudWatch::Alarm")

    assert again["MaximumRetryAttempts"] > 0
    assert "Failed" in str(again["DestinationConfig"]["OnFailure"]["Destination"])
    assert alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
    assert alarm["Threshold"] == 0


def test_the_scheduler_may_call_the_sweep_and_nothing_else(prod: Template) -> None:
    (statement,) = prod.statements("SweepTimerRole")

    assert as_list(statement["Action"]) == ["lambda:InvokeFunction"]
    assert "function:spaces-prod-sweep" in str(statement["Resource"])


def test_no_schedule_is_deployed(prod: Template) -> None:
    """Schedules are made while a space has work, and delete themselves."""
    assert prod.of_type("AWS::Scheduler::Schedule") == {}
