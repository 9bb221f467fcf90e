"""The clients of a function are those that boto3 creates."""

import boto3
import pytest

from spaces.adapters import aws

MAKERS = {
    "dynamodb": aws.dynamodb,
    "s3": aws.s3,
    "scheduler": aws.scheduler,
    "lambda": aws.functions,
    "cognito-idp": aws.user_pools,
    "apigatewaymanagementapi": lambda: aws.connections_api("https://sockets.example.org/v1"),
}


@pytest.fixture(autouse=True)
def _fresh_clients(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    cached = (
        aws._session, aws.dynamodb, aws.s3, aws.scheduler, aws.functions, aws.connections_api,
        aws.user_pools,
    )  # fmt: skip
    for function in cached:
        function.cache_clear()
    yield
    for function in cached:
        function.cache_clear()


@pytest.mark.parametrize("service", MAKERS)
def test_each_client_has_the_calls_and_the_address_that_boto3_gives_it(service):
    client = MAKERS[service]()
    address = {"endpoint_url": client.meta.endpoint_url} if service.startswith("api") else {}
    usual = boto3.Session("AKIAEXAMPLE", "secret", region_name="eu-central-1").client(
        service, **address
    )

    assert client.meta.service_model.service_name == service
    assert client.meta.endpoint_url == usual.meta.endpoint_url
    assert client.meta.method_to_api_mapping == usual.meta.method_to_api_mapping
    assert client.meta.config.retries["mode"] == "standard"


def test_signatures_have_the_credentials_and_the_region_of_the_process():
    credentials, region = aws.signature()

    assert (credentials.access_key, credentials.secret_key) == ("AKIAEXAMPLE", "secret")
    assert region == "eu-central-1"
