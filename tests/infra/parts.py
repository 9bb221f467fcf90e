"""Parts of a template: a function, what CloudFront does with a path, and what a dashboard shows."""

import json
from typing import Any

from tests.infra.templates import Resource, Template, as_text

FUNCTION = "AWS::Lambda::Function"


def function_named(template: Template, name: str) -> Resource:
    prefix = f"{name.capitalize()}Function"
    return next(each for id_, each in template.of_type(FUNCTION).items() if id_.startswith(prefix))


def distribution(template: Template) -> Resource:
    (properties,) = template.properties("AWS::CloudFront::Distribution")
    config: Resource = properties["DistributionConfig"]
    return config


def behavior(template: Template, path: str | None = None) -> Resource:
    config = distribution(template)
    if path is None:
        default: Resource = config["DefaultCacheBehavior"]
        return default
    (found,) = (each for each in config["CacheBehaviors"] if each["PathPattern"] == path)
    named: Resource = found
    return named


def headers(template: Template, path: str | None = None) -> Resource:
    policy = template.resources[behavior(template, path)["ResponseHeadersPolicyId"]["Ref"]]
    config: Resource = policy["Properties"]["ResponseHeadersPolicyConfig"]
    return config


def widgets_of(dashboard: Resource) -> list[Resource]:
    """Return the widgets of a dashboard, with names for what CloudFormation fills in."""
    body: dict[str, list[Resource]] = json.loads(as_text(dashboard["DashboardBody"]))
    return [each | each["properties"] for each in body["widgets"]]


def metrics_of(dashboard: Resource) -> list[list[Any]]:
    """Return the metrics of a dashboard, without the expressions that are made from them."""
    return [
        metric
        for widget in widgets_of(dashboard)
        for metric in widget.get("metrics", [])
        if not isinstance(metric[0], dict)
    ]
