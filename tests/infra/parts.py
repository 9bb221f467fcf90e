"""Parts of a template: a function, and what CloudFront does with a path."""

from tests.infra.templates import Resource, Template

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
