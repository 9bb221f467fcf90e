"""What the account allows: functions at a time, distributions, policies, roles, calls a second.

What can be asked of AWS is asked. The other numbers are defaults, from these pages:

- https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: "Concurrent executions
  1,000"; "New AWS accounts have reduced concurrency and memory quotas. AWS raises these quotas
  automatically based on your usage." It does not say how much a new account has; 10 is what public
  threads report.
- https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html:
  "Distributions per AWS account 500" (earlier copies say 200); custom cache policies, origin
  request policies and response headers policies "per AWS account", 20 of each. All can be raised.
- https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html: "10,000 requests per
  second (RPS)" and a burst of 5,000 "per account, per Region across HTTP APIs, REST APIs, WebSocket
  APIs, and WebSocket callback APIs", 2,500 and 1,250 in newer regions. The rate can be raised. "The
  burst quota is determined by the API Gateway service team based on the overall RPS quota".
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from infra.preflight.account import Account
from infra.preflight.lines import Line, blocks, ok, unknown, warning
from infra.settings import Settings

FEW: Final = 10
"""What new accounts often have, by public threads: fewer than the gateway has functions."""
ENOUGH: Final = 100
"""From here on, a flood of anonymous calls leaves room for workers at the default rates."""
ROLES: Final = 20
"""More than the stacks create, with those of the CDK's own functions."""
POLICIES: Final[Mapping[str, tuple[str, str, int]]] = {
    "cache policies": ("list_cache_policies", "CachePolicyList", 1),
    "origin request policies": ("list_origin_request_policies", "OriginRequestPolicyList", 3),
    "response headers policies": ("list_response_headers_policies", "ResponseHeadersPolicyList", 2),
}
"""Kinds of CloudFront policies: the call, its list, and how many of them a stage creates."""
POLICY_QUOTA: Final = 20
DISTRIBUTION_QUOTA: Final = 500
"""An account may have fewer: the quota was 200 before."""
VERIFICATION: Final = (
    "AWS may still have to verify a new account. No call tells. If the deployment fails with "
    '"Your account must be verified before you can add new CloudFront resources", open a case in '
    "the Support Center (account and billing, free) with that sentence; it takes hours to days. "
    "The gateway needs CloudFront, so ask before you plan a date."
)
_QUOTAS: Final = "https://console.aws.amazon.com/servicequotas/home/services/lambda/quotas"


def check_concurrency(account: Account, settings: Settings) -> Iterator[Line]:
    """Yield how many functions may run at a time."""
    limits: Any = account.client("lambda").get_account_settings()["AccountLimit"]
    total = int(limits["ConcurrentExecutions"])
    free = int(limits.get("UnreservedConcurrentExecutions", total))
    text = f"{free} functions may run at a time"
    raise_it = f"Ask for {ENOUGH} or more, free of charge: Concurrent executions at {_QUOTAS}."
    if free <= FEW:
        yield warning(
            "Lambda concurrency",
            f"{text}, fewer than the gateway has functions: a flood of calls can starve workers",
            f"{raise_it} Until then, set requests_per_second to 40 and burst to 8 in cdk.json "
            f"(stage {settings.stage!r} has {settings.requests_per_second} and {settings.burst}).",
        )
    elif free < ENOUGH:
        yield warning("Lambda concurrency", f"{text}; busy spaces need more", raise_it)
    else:
        yield ok("Lambda concurrency", text)


def check_call_rate(account: Account, settings: Settings) -> Iterator[Line]:
    """Yield whether the account's rate of API calls covers the stage's."""
    throttle: Any = account.client("apigateway").get_account().get("throttleSettings")
    if not throttle:
        yield unknown("API calls", "API Gateway did not tell the account's limit")
        return
    rate, burst = float(throttle["rateLimit"]), int(throttle["burstLimit"])
    text = f"{rate:,.0f} a second, burst {burst:,}, for all APIs of the region together"
    if rate < settings.requests_per_second or burst < settings.burst:
        yield warning(
            "API calls",
            text,
            f"Stage {settings.stage!r} has {settings.requests_per_second} and {settings.burst}: "
            "lower them in cdk.json, or ask for a higher rate (Service Quotas, API Gateway, "
            "Throttle rate); AWS derives the burst from it.",
        )
        return
    yield ok("API calls", text)


def check_cloudfront(account: Account) -> Iterator[Line]:
    """Yield whether the account can probably create a distribution."""
    cloudfront = account.global_client("cloudfront")
    pages = cloudfront.get_paginator("list_distributions").paginate()
    count = sum(int(page["DistributionList"]["Quantity"]) for page in pages)
    if count == 0:
        yield warning("CloudFront", "no distribution yet in this account", VERIFICATION)
    elif count >= DISTRIBUTION_QUOTA:
        yield warning(
            "CloudFront",
            f"{count} distributions; the default quota is {DISTRIBUTION_QUOTA}",
            "Delete one, or ask for a higher quota (Service Quotas, CloudFront, us-east-1).",
        )
    else:
        yield ok(
            "CloudFront", f"verified: the account has {count} of {DISTRIBUTION_QUOTA} distributions"
        )


def check_policies(account: Account) -> Iterator[Line]:
    """Yield whether the account has room for the stage's CloudFront policies."""
    cloudfront = account.global_client("cloudfront")
    for kind, (call, found, wanted) in POLICIES.items():
        used = int(getattr(cloudfront, call)(Type="custom")[found]["Quantity"])
        text = f"{used} of {POLICY_QUOTA} {kind}"
        if used + wanted > POLICY_QUOTA:
            remedy = "Delete unused ones, or ask for more (Service Quotas, CloudFront, us-east-1)."
            yield warning("CloudFront policies", f"{text}; a stage adds {wanted}", remedy)
        else:
            yield ok("CloudFront policies", text)


def check_roles(account: Account) -> Iterator[Line]:
    """Yield whether the account has room for the functions' roles."""
    summary: Any = account.global_client("iam").get_account_summary()["SummaryMap"]
    used, quota = int(summary["Roles"]), int(summary["RolesQuota"])
    if used + ROLES > quota:
        text = f"{used} of {quota} roles; a stage adds up to {ROLES}"
        yield blocks(
            "IAM roles", text, "Delete unused roles, or ask for more (Service Quotas, IAM)."
        )
        return
    yield ok("IAM roles", f"{used} of {quota}")
