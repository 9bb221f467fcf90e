"""Answers of AWS as its API reference shows them, read by botocore's own parsers.

Each text follows the example of the operation's page in the API reference of its service
("GetCallerIdentity", "DescribeStacks", "ListDistributions" …), cut to what the checks read.
"""

from functools import cache
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from infra.preflight.account import Account

REGION = "eu-central-1"
Answer = tuple[int, str]
NOT_FOUND_JSON = '{"Type": "User", "message": "Not found"}'

_STS = "https://sts.amazonaws.com/doc/2011-06-15/"
_CLOUDFORMATION = "http://cloudformation.amazonaws.com/doc/2010-05-15/"
_CLOUDFRONT = "http://cloudfront.amazonaws.com/doc/2020-05-31/"
_IAM = "https://iam.amazonaws.com/doc/2010-05-08/"


def identity(arn: str = "arn:aws:iam::123456789012:user/ada") -> Answer:
    return 200, (
        f'<GetCallerIdentityResponse xmlns="{_STS}"><GetCallerIdentityResult><Arn>{arn}</Arn>'
        "<UserId>AIDACKCEVSQ6C2EXAMPLE</UserId><Account>123456789012</Account>"
        "</GetCallerIdentityResult></GetCallerIdentityResponse>"
    )


def parameter(value: str) -> Answer:
    return 200, f'{{"Parameter": {{"Name": "p", "Type": "String", "Value": "{value}"}}}}'


NO_PARAMETER: Answer = (400, '{"__type": "ParameterNotFound"}')


def _error(namespace: str, code: str, message: str) -> str:
    return (
        f'<ErrorResponse xmlns="{namespace}"><Error><Type>Sender</Type><Code>{code}</Code>'
        f"<Message>{message}</Message></Error></ErrorResponse>"
    )


NO_STACK: Answer = (400, _error(_CLOUDFORMATION, "ValidationError", "Stack s does not exist"))
DENIED: Answer = (403, _error(_IAM, "AccessDenied", "User is not authorized"))


def stack(status: str, output: str = "SpacesTable") -> Answer:
    outputs = (
        f"<Outputs><member><OutputKey>{output}</OutputKey><OutputValue>x</OutputValue></member>"
        "</Outputs>"
    )
    return 200, (
        f'<DescribeStacksResponse xmlns="{_CLOUDFORMATION}"><DescribeStacksResult><Stacks><member>'
        f"<StackName>s</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime>"
        f"<StackStatus>{status}</StackStatus>{outputs if output else ''}</member></Stacks>"
        "</DescribeStacksResult></DescribeStacksResponse>"
    )


def distributions(count: int, after: str = "") -> Answer:
    """Return a page of distributions, and where the next one begins."""
    more = f"<IsTruncated>true</IsTruncated><NextMarker>{after}</NextMarker>"
    return 200, (
        f'<DistributionList xmlns="{_CLOUDFRONT}"><Marker></Marker><MaxItems>100</MaxItems>'
        f"{more if after else '<IsTruncated>false</IsTruncated>'}"
        f"<Quantity>{count}</Quantity></DistributionList>"
    )


def policies(kind: str, *names: str) -> Answer:
    items = "".join(
        f"<{kind}Summary><Type>custom</Type><{kind}><Id>i</Id><{kind}Config><Name>{name}</Name>"
        f"</{kind}Config></{kind}></{kind}Summary>"
        for name in names
    )
    return 200, (
        f'<{kind}List xmlns="{_CLOUDFRONT}"><MaxItems>100</MaxItems><Quantity>{len(names)}'
        f"</Quantity><Items>{items}</Items></{kind}List>"
    )


def access_controls(*names: str) -> Answer:
    items = "".join(
        f"<OriginAccessControlSummary><Id>i</Id><Name>{name}</Name></OriginAccessControlSummary>"
        for name in names
    )
    return 200, (
        f'<OriginAccessControlList xmlns="{_CLOUDFRONT}"><Marker></Marker><MaxItems>100</MaxItems>'
        f"<IsTruncated>false</IsTruncated><Quantity>{len(names)}</Quantity><Items>{items}</Items>"
        "</OriginAccessControlList>"
    )


def concurrency(total: int) -> Answer:
    return 200, (
        f'{{"AccountLimit": {{"ConcurrentExecutions": {total}, "UnreservedConcurrentExecutions": '
        f'{total}}}, "AccountUsage": {{"FunctionCount": 0}}}}'
    )


def call_rate(rate: float, burst: int) -> Answer:
    return 200, f'{{"throttleSettings": {{"rateLimit": {rate}, "burstLimit": {burst}}}}}'


def roles(used: int, quota: int) -> Answer:
    return 200, (
        f'<GetAccountSummaryResponse xmlns="{_IAM}"><GetAccountSummaryResult><SummaryMap>'
        f"<entry><key>Roles</key><value>{used}</value></entry>"
        f"<entry><key>RolesQuota</key><value>{quota}</value></entry>"
        "</SummaryMap></GetAccountSummaryResult></GetAccountSummaryResponse>"
    )


def certificate(status: str, *names: str) -> Answer:
    listed = ", ".join(f'"{name}"' for name in names)
    return (
        200,
        f'{{"Certificate": {{"Status": "{status}", "SubjectAlternativeNames": [{listed}]}}}}',
    )


NO_CERTIFICATE: Answer = (400, '{"__type": "ResourceNotFoundException", "message": "Not found"}')

FRESH: dict[str, Answer] = {
    "GetCallerIdentity": identity(),
    "GetParameter": parameter("27"),
    "HeadBucket": (200, ""),
    "DescribeStacks": NO_STACK,
    "GetFunctionConcurrency": (404, NOT_FOUND_JSON),
    "GetScheduleGroup": (404, NOT_FOUND_JSON),
    "ListDistributions": distributions(0),
    "ListCachePolicies": policies("CachePolicy"),
    "ListOriginRequestPolicies": policies("OriginRequestPolicy"),
    "ListResponseHeadersPolicies": policies("ResponseHeadersPolicy"),
    "ListOriginAccessControls": access_controls(),
    "GetAccountSettings": concurrency(1000),
    "GetAccount": call_rate(10000, 5000),
    "GetAccountSummary": roles(40, 1000),
}
"""A fresh account that has been bootstrapped."""


class _Body:
    """The body of a response, as urllib3 hands it over."""

    def __init__(self, text: str) -> None:
        self._text = text.encode()

    def stream(self, *_sizes: int) -> list[bytes]:
        return [self._text]


@cache
def _session() -> boto3.Session:
    """Return a session that has read the long descriptions of the services once."""
    return boto3.Session("AKIAEXAMPLE", "secret")


def recorded(answers: dict[str, Answer], called: list[str] | None = None) -> Account:
    """Return an account that answers with texts, by operation, and by the marker of a next page."""

    def answer(request: Any, event_name: str, **_rest: Any) -> AWSResponse:
        operation = event_name.rsplit(".", 1)[-1]
        if called is not None:
            called.append(operation)
        _, _, marker = request.url.partition("Marker=")
        status, text = answers[f"{operation} after {marker}" if marker else operation]
        headers = HTTPHeaders()
        if text == NOT_FOUND_JSON:
            headers["x-amzn-errortype"] = "ResourceNotFoundException"
        return AWSResponse(request.url, status, headers, _Body(text))

    def connect(service: str, region: str) -> Any:
        client = _session().client(service, region_name=region)  # type: ignore[call-overload]
        client.meta.events.register("before-send", answer)
        return client

    return Account(REGION, connect)
