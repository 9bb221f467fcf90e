"""Who deploys, where to, and whether the CDK is prepared there."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

from infra.preflight.account import Account
from infra.preflight.lines import Line, blocks, ok, unknown, warning

BOOTSTRAP_VERSION: Final = 6
"""The oldest bootstrap stack that the templates accept (their rule CheckBootstrapVersion)."""
BOOTSTRAP_PARAMETER: Final = "/cdk-bootstrap/hnb659fds/version"
BOOTSTRAP: Final = "PATH=$PWD/.venv/bin:$PWD/node_modules/.bin:$PATH cdk bootstrap"
_ASSETS_BUCKET: Final = "cdk-hnb659fds-assets-{account}-{region}"


def check_identity(account: Account) -> Iterator[Line]:
    """Yield who the credentials belong to."""
    who: Any = account.client("sts").get_caller_identity()
    name = f"{who['Arn']} in account {who['Account']}, region {account.region}"
    if str(who["Arn"]).endswith(":root"):
        yield warning(
            "credentials",
            f"{name}: the root user",
            "Use an IAM role or user with administrator rights instead; root cannot be restricted.",
        )
        return
    yield ok("credentials", name)


def check_region(account: Account) -> Iterator[Line]:
    """Yield whether the gateway is known to fit into the region's partition."""
    if account.region.startswith(("cn-", "us-gov-", "us-iso", "eu-isoe")):
        yield warning(
            "region",
            f"{account.region} is in a partition where nobody has tried this",
            "Expect differences in CloudFront, Cognito and prices, or choose another region.",
        )


def check_bootstrap(account: Account) -> Iterator[Line]:
    """Yield whether the region has the CDK's bootstrap stack, and whether it is complete."""
    if account.local:
        yield unknown("bootstrap", "the emulator needs none: the CDK deploys with its credentials")
        return
    ssm = account.client("ssm")
    try:
        found = ssm.get_parameter(Name=BOOTSTRAP_PARAMETER)["Parameter"]["Value"]
    except ssm.exceptions.ParameterNotFound:
        yield blocks(
            "bootstrap", f"{account.region} is not prepared for the CDK", f"Run {BOOTSTRAP}"
        )
        return
    if int(found) < BOOTSTRAP_VERSION:
        text = f"version {found}; the templates need {BOOTSTRAP_VERSION} or newer"
        yield blocks("bootstrap", text, f"Run {BOOTSTRAP}")
        return
    yield _assets_bucket(account, str(found))


def _assets_bucket(account: Account, version: str) -> Line:
    number = str(account.client("sts").get_caller_identity()["Account"])
    bucket = _ASSETS_BUCKET.format(account=number, region=account.region)
    s3 = account.client("s3")
    try:
        s3.head_bucket(Bucket=bucket)
    except s3.exceptions.ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != HTTPStatus.NOT_FOUND:
            return ok("bootstrap", f"version {version}; its bucket {bucket} could not be looked at")
        return blocks(
            "bootstrap",
            f"version {version}, but its bucket {bucket} was deleted",
            f"Delete the stack CDKToolkit, then run {BOOTSTRAP}",
        )
    return ok("bootstrap", f"version {version}")
