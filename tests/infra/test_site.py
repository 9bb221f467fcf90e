import pytest

from tests.infra.parts import behavior, distribution, headers
from tests.infra.templates import Resource, Template, as_list, as_text


def test_only_the_distribution_reads_the_page_bucket(prod: Template) -> None:
    (control,) = prod.properties("AWS::CloudFront::OriginAccessControl")
    origins = distribution(prod)["Origins"]

    assert control["OriginAccessControlConfig"]["SigningBehavior"] == "always"
    assert sum("OriginAccessControlId" in origin for origin in origins) == 1
    (policy,) = (
        policy
        for id_, policy in prod.of_type("AWS::S3::BucketPolicy").items()
        if id_.startswith("Site")
    )
    readers = [
        statement
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    ]
    assert readers
    assert all("AWS:SourceArn" in reader["Condition"]["StringEquals"] for reader in readers)


def test_the_page_may_run_only_what_is_its_own_and_ask_only_this_stack(prod: Template) -> None:
    policy = headers(prod)["SecurityHeadersConfig"]["ContentSecurityPolicy"]
    text = as_text(policy["ContentSecurityPolicy"])
    directives = dict(directive.strip().partition(" ")[::2] for directive in text.split(";"))

    assert policy["Override"] is True
    files, sign_in = directives["connect-src"].split(" ")[1:]
    assert files.startswith("https://<")
    assert "RegionalDomainName" in files
    assert sign_in.endswith(".amazoncognito.com")
    assert directives["img-src"] == f"'self' data: blob: {files}"
    assert directives["media-src"] == f"'self' blob: {files}"
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"
    assert directives["style-src"] == "'self'"
    assert directives["form-action"] == "'none'"
    assert directives["frame-ancestors"] == "'none'"
    assert directives["base-uri"] == "'none'"
    assert "unsafe" not in text
    assert "*" not in text


def test_only_the_page_for_frames_may_stand_in_one_and_may_do_no_more_than_the_others(
    prod: Template,
) -> None:
    security = headers(prod, "/embed.html")["SecurityHeadersConfig"]
    strict = headers(prod)["SecurityHeadersConfig"]

    def policy_of(config: Resource) -> str:
        return as_text(config["ContentSecurityPolicy"]["ContentSecurityPolicy"])

    relaxed = policy_of(strict).replace("frame-ancestors 'none'", "frame-ancestors *")
    assert policy_of(security) == relaxed
    assert "FrameOptions" not in security
    assert strict["FrameOptions"]["FrameOption"] == "DENY"
    assert headers(prod, "/v1/*") == headers(prod)


def test_browsers_are_told_to_stay_on_tls_and_to_guess_nothing(prod: Template) -> None:
    security = headers(prod)["SecurityHeadersConfig"]

    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31_536_000
    assert security["ContentTypeOptions"] == {"Override": True}
    assert security["ReferrerPolicy"]["ReferrerPolicy"] == "no-referrer"
    behaviors = [distribution(prod)["DefaultCacheBehavior"], *distribution(prod)["CacheBehaviors"]]
    assert {each["ViewerProtocolPolicy"] for each in behaviors} == {"redirect-to-https"}
    assert all("ResponseHeadersPolicyId" in each for each in behaviors)


@pytest.mark.parametrize("path", [None, "/embed.html", "/v1/*"])
def test_no_other_site_keeps_a_reference_to_the_window(prod: Template, path: str | None) -> None:
    items = headers(prod, path)["CustomHeadersConfig"]["Items"]

    sent = {each["Header"]: (each["Value"], each["Override"]) for each in items}
    assert sent["Cross-Origin-Opener-Policy"] == ("same-origin", True)


def test_the_api_is_on_the_page_origin_and_never_cached(prod: Template) -> None:
    api = behavior(prod, "/v1/*")

    assert "POST" in api["AllowedMethods"]
    cache = prod.resources[api["CachePolicyId"]["Ref"]]["Properties"]["CachePolicyConfig"]
    assert (cache["MinTTL"], cache["DefaultTTL"], cache["MaxTTL"]) == (0, 0, 1)
    asked_as = cache["ParametersInCacheKeyAndForwardedToOrigin"]
    assert asked_as["HeadersConfig"]["Headers"] == ["Authorization"]


def test_the_api_is_told_whose_address_asks_and_gets_no_cookies(prod: Template) -> None:
    api = behavior(prod, "/v1/*")
    policy = prod.resources[api["OriginRequestPolicyId"]["Ref"]]["Properties"]
    forwarded = policy["OriginRequestPolicyConfig"]

    headers = forwarded["HeadersConfig"]["Headers"]
    assert {"CloudFront-Viewer-Address", "Idempotency-Key", "Prefer", "Traceparent"} <= set(headers)
    assert len(headers) <= 10  # CloudFront's quota
    assert "Host" not in headers
    assert forwarded["CookiesConfig"] == {"CookieBehavior": "none"}


def test_the_api_can_tell_calls_of_this_distribution(prod: Template) -> None:
    origins = [each for each in distribution(prod)["Origins"] if "CustomOriginConfig" in each]
    keys = [
        each["Environment"]["Variables"]["EDGE_KEY"]
        for each in prod.properties("AWS::Lambda::Function")
        if "EDGE_KEY" in each.get("Environment", {}).get("Variables", {})
    ]

    assert len(origins) == len(keys) == 2
    for origin, key in zip(origins, keys, strict=True):
        (header,) = origin["OriginCustomHeaders"]
        assert header["HeaderName"] == "x-spaces-edge"
        assert not header["HeaderName"].startswith("x-edge-")  # CloudFront refuses those
        assert header["HeaderValue"] == key
        assert header["HeaderValue"]["Fn::GetAtt"][1] == "ClientSecret"


def test_errors_are_not_kept_and_no_error_page_stands_over_those_of_the_api(prod: Template) -> None:
    responses = distribution(prod)["CustomErrorResponses"]

    assert {500, 502, 503, 504, 404} <= {response["ErrorCode"] for response in responses}
    assert {response["ErrorCachingMinTTL"] for response in responses} == {0}
    assert not [response for response in responses if "ResponsePagePath" in response]


def test_the_cheapest_edge_locations_serve_it(prod: Template) -> None:
    assert distribution(prod)["PriceClass"] == "PriceClass_100"


def test_a_deploy_waits_for_no_invalidation(prod: Template) -> None:
    uploads = prod.properties("Custom::CDKBucketDeployment")
    actions = [
        action
        for statement in prod.statements("CustomCDKBucketDeployment")
        for action in as_list(statement["Action"])
    ]

    assert actions
    assert not [each for each in uploads if {"DistributionId", "DistributionPaths"} & each.keys()]
    assert not [action for action in actions if action.startswith("cloudfront:")]


def test_html_is_asked_for_again_each_time(prod: Template) -> None:
    uploads = prod.properties("Custom::CDKBucketDeployment")

    cached = {
        tuple(upload.get("Include", [])): upload["SystemMetadata"]["cache-control"]
        for upload in uploads
    }
    assert cached == {
        ("*.html", "config.json"): "no-cache",
        (): "public, max-age=31536000, immutable",
    }
