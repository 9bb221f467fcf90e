"""Whether the stacks and the names that a stage creates are free."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import ClientError

from infra.preflight.account import Account
from infra.preflight.lines import Line, blocks, ok
from infra.project import PROJECT_FOLDER
from infra.settings import Settings

_OWN_OUTPUTS: Final = frozenset({"SpacesTable", "AdminFunctionName"})
"""One of them tells a stack of this project from another of the same name."""
_BROKEN: Final = frozenset(
    {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED", "REVIEW_IN_PROGRESS"}
)


_NOTHING: Final = frozenset(
    {"ResourceNotFoundException", "NoSuchFunctionExists", "NotFoundException"}
)
"""How services say that there is nothing of a name."""


@dataclass(frozen=True)
class Name:
    """A name that a template gives to a resource instead of leaving it to CloudFormation."""

    type: str
    name: str


NAMED: Final[Mapping[str, tuple[str, ...]]] = {
    "AWS::ApiGatewayV2::DomainName": ("DomainName",),
    "AWS::CloudFront::CachePolicy": ("CachePolicyConfig", "Name"),
    "AWS::CloudFront::Function": ("Name",),
    "AWS::CloudFront::OriginAccessControl": ("OriginAccessControlConfig", "Name"),
    "AWS::CloudFront::OriginRequestPolicy": ("OriginRequestPolicyConfig", "Name"),
    "AWS::CloudFront::ResponseHeadersPolicy": ("ResponseHeadersPolicyConfig", "Name"),
    "AWS::Cognito::UserPoolDomain": ("Domain",),
    "AWS::Lambda::Function": ("FunctionName",),
    "AWS::Scheduler::ScheduleGroup": ("Name",),
}
"""Where the templates keep names that must be unique in the region, the account or all of AWS."""


def check_stacks(account: Account, settings: Settings) -> Iterator[Line]:
    """Yield the state of both stacks."""
    for stack in (settings.data_stack_name, settings.service_stack_name):
        found = _stack(account, stack)
        if found is None:
            yield ok("stacks", f"{stack} does not exist yet")
        else:
            yield _state(stack, found)


def check_names(account: Account, settings: Settings, names: list[Name]) -> Iterator[Line]:
    """Yield the names that something outside the stacks has taken."""
    if _stack(account, settings.service_stack_name) is not None:
        yield ok("names", "they belong to the stacks that exist")
        return
    taken = 0
    for name in names:
        state = _LOOKUPS[name.type](account, name.name)
        if state is None:
            continue
        taken += 1
        kind = name.type.rsplit("::", 1)[-1]
        if state == "DELETING":
            text, remedy = f"{name.name} is still being deleted", "Wait a few minutes."
        else:
            text = f"{name.name} ({kind}) exists outside the stacks"
            remedy = (
                "Delete it if it is left over from an earlier stack; otherwise rename the stage."
            )
        yield blocks("names", text, remedy)
    if not taken:
        yield ok("names", f"{len(names)} names are free")


class SynthesisFailed(RuntimeError):
    """The templates could not be written; the message is the last line of the CDK app."""


def template_names(context: Mapping[str, Any], region: str, folder: Path) -> list[Name]:
    """Synthesize the stage and return the names in its templates.

    Args:
        context: the CDK context, with the stage.
        region: the region of the stacks; it is part of some names.
        folder: an empty folder for the templates.

    Raises:
        SynthesisFailed: the CDK app ended with an error.
    """
    # In a process of its own, as the CDK CLI runs it; it takes some seconds.
    done = subprocess.run(
        [sys.executable, "-m", "infra.app"],
        cwd=PROJECT_FOLDER,
        env=os.environ | {"CDK_CONTEXT_JSON": json.dumps(context), "CDK_OUTDIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SynthesisFailed((done.stderr.strip().splitlines() or ["no reason given"])[-1])
    found: list[Name] = []
    for file in sorted(folder.glob("*.template.json")):
        found += names_in(json.loads(file.read_text("utf-8")), region)
    return found


def names_in(template: Mapping[str, Any], region: str) -> list[Name]:
    """Return the names in a template; those that contain the stack's own id are always free."""
    names = []
    for resource in template["Resources"].values():
        value: Any = resource.get("Properties", {})
        for key in NAMED.get(resource["Type"], ("",)):
            value = value.get(key) if isinstance(value, dict) else None
        text = _text(value, region)
        if text is not None:
            names.append(Name(resource["Type"], text))
    return names


def _text(value: object, region: str) -> str | None:
    match value:
        case str():
            return value
        case {"Ref": "AWS::Region"}:
            return region
        case {"Fn::Join": [separator, parts]}:
            texts = [_text(part, region) for part in parts]
            return None if None in texts else str(separator).join(map(str, texts))
        case _:
            return None


def _stack(account: Account, name: str) -> Any:  # noqa: ANN401 - a stack as boto3 returns it
    try:
        return account.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            return None
        raise


def _state(name: str, stack: Any) -> Line:  # noqa: ANN401 - as above
    status = str(stack["StackStatus"])
    if status in _BROKEN:
        return blocks(
            "stacks",
            f"{name} is {status}: it can only be deleted",
            f"Run aws cloudformation delete-stack --stack-name {name}, wait, and deploy again.",
        )
    if status.endswith("_IN_PROGRESS"):
        return blocks("stacks", f"{name} is {status}", "Wait until it has ended.")
    if status.endswith("_FAILED"):
        return blocks(
            "stacks",
            f"{name} is {status}",
            f"Run aws cloudformation continue-update-rollback --stack-name {name}.",
        )
    if _OWN_OUTPUTS.isdisjoint(each["OutputKey"] for each in stack.get("Outputs", [])):
        return blocks(
            "stacks", f"{name} exists and is not of this project", "Choose another stage name."
        )
    return ok("stacks", f"{name} is {status}; a deployment updates it")


def _unless_missing(look: Callable[[], str]) -> str | None:
    """Return what a call found, or None if there is nothing of this name."""
    try:
        return look()
    except ClientError as error:
        if error.response["Error"]["Code"] in _NOTHING:
            return None
        raise


def _found_by(service: str, call: str, argument: str) -> Callable[[Account, str], str | None]:
    """Return a look-up by a call that fails for a name that does not exist."""

    def look(account: Account, name: str) -> str | None:
        client = account.client(service)

        def found() -> str:
            answer: Any = getattr(client, call)(**{argument: name})
            return str(answer.get("State", "EXISTS"))

        return _unless_missing(found)

    return look


def _edge_function(account: Account, name: str) -> str | None:
    def found() -> str:
        account.global_client("cloudfront").describe_function(Name=name)
        return "EXISTS"

    return _unless_missing(found)


def _sign_in_domain(account: Account, name: str) -> str | None:
    found: Any = account.client("cognito-idp").describe_user_pool_domain(Domain=name)
    # For an unknown domain, the description is empty.
    status: str | None = found["DomainDescription"].get("Status")
    return status


def _policy(
    call: str, listed: str, policy: str, config: str
) -> Callable[[Account, str], str | None]:
    def look(account: Account, name: str) -> str | None:
        client = account.global_client("cloudfront")
        items: Any = getattr(client, call)(Type="custom")[listed].get("Items", [])
        return "EXISTS" if name in {each[policy][config]["Name"] for each in items} else None

    return look


def _access_control(account: Account, name: str) -> str | None:
    client = account.global_client("cloudfront")
    items: Any = client.list_origin_access_controls()["OriginAccessControlList"].get("Items", [])
    return "EXISTS" if name in {each["Name"] for each in items} else None


_LOOKUPS: Final[Mapping[str, Callable[[Account, str], str | None]]] = {
    "AWS::ApiGatewayV2::DomainName": _found_by("apigatewayv2", "get_domain_name", "DomainName"),
    "AWS::CloudFront::CachePolicy": _policy(
        "list_cache_policies", "CachePolicyList", "CachePolicy", "CachePolicyConfig"
    ),
    "AWS::CloudFront::Function": _edge_function,
    "AWS::CloudFront::OriginAccessControl": _access_control,
    "AWS::CloudFront::OriginRequestPolicy": _policy(
        "list_origin_request_policies",
        "OriginRequestPolicyList",
        "OriginRequestPolicy",
        "OriginRequestPolicyConfig",
    ),
    "AWS::CloudFront::ResponseHeadersPolicy": _policy(
        "list_response_headers_policies",
        "ResponseHeadersPolicyList",
        "ResponseHeadersPolicy",
        "ResponseHeadersPolicyConfig",
    ),
    "AWS::Cognito::UserPoolDomain": _sign_in_domain,
    "AWS::Lambda::Function": _found_by("lambda", "get_function_concurrency", "FunctionName"),
    "AWS::Scheduler::ScheduleGroup": _found_by("scheduler", "get_schedule_group", "Name"),
}
