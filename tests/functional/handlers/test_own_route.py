"""A call is served only by the route whose rate and authorizer are meant for it."""

import pytest

from spaces import http_routes
from spaces.handlers import admin, api
from spaces.http_routes import route_key_of
from tests.functional.handlers.http_events import ADA, ULLA, body_of, http_event

pytestmark = pytest.mark.usefixtures("environment")

SUBMIT = "POST /v1/spaces/{space}/requests"
UPLOAD = "POST /v1/uploads"
STEP = "POST /v1/uploads/{upload_id}/{step}"
OPEN = "ANY /v1/{proxy+}"
WAIT = "ANY /v1/spaces/{space}/requests/{request_id}/wait"
ME = "ANY /v1/me/{proxy+}"
ADMIN = "ANY /v1/admin/{proxy+}"

OWN = {
    ("POST", "/v1/spaces/echo/requests"): SUBMIT,
    ("GET", "/v1/spaces/echo/requests"): OPEN,
    ("POST", "/v1/spaces//requests"): OPEN,
    ("POST", "/v1/spaces/a/b/requests"): OPEN,
    ("POST", "/v1/spaces/echo/requests/"): OPEN,
    ("POST", "/v1/uploads"): UPLOAD,
    ("HEAD", "/v1/uploads"): OPEN,
    ("POST", "/v1/uploads/U/parts"): STEP,
    ("GET", "/v1/spaces/echo/requests/echo.1.A/wait"): WAIT,
    ("HEAD", "/v1/spaces/echo/requests/echo.1.A/wait"): WAIT,
    ("GET", "/v1/spaces/echo/requests/echo.1.A/status"): OPEN,
    ("POST", "/v1/me"): "ANY /v1/me",
    ("POST", "/v1/me/spaces/echo/requests"): ME,
    ("POST", "/v1/menu"): OPEN,
    ("PUT", "/v1/admin/spaces/echo"): ADMIN,
    ("GET", "/v1/admin"): OPEN,
    ("GET", "/v2/spaces"): None,
    ("GET", "/"): None,
}


@pytest.mark.parametrize("call", OWN)
def test_each_call_has_one_route(call):
    assert route_key_of(*call) == OWN[call]


def test_these_are_the_routes_that_are_deployed():
    paths = (
        *http_routes.EVERYBODY_PATHS,
        *http_routes.SIGNED_IN_PATHS,
        *http_routes.ADMINISTRATION_PATHS,
    )
    paths = (*http_routes.WAIT_PATHS, *paths)
    deployed = {*http_routes.FLOODABLE, *(f"ANY {path}" for path in paths)}

    assert deployed == {key for key in OWN.values() if key is not None}


# What the handlers see of an escaped path (decoded), and the route that it took (undecoded).
ASTRAY = {
    "/v1/%73paces/echo/requests": ("POST", "/v1/spaces/echo/requests", OPEN),
    "/v1/spaces/echo%2Frequests": ("POST", "/v1/spaces/echo/requests", OPEN),
    "/v1/%75ploads": ("POST", "/v1/uploads", OPEN),
    "/v1/uploads/U%2Fcomplete": ("POST", "/v1/uploads/U/complete", OPEN),
    "/v1/me%2Fspaces/echo/requests": ("POST", "/v1/me/spaces/echo/requests", OPEN),
    "/v1/uploads/..%2F/parts": ("POST", "/v1/uploads/..//parts", STEP),
    "/v1/spaces/echo%2Frequests%2FX/requests": ("GET", "/v1/spaces/echo/requests", SUBMIT),
    "/v1/uploads/a%2Fb/requests, decoded as a submit": ("POST", "/v1/spaces/echo/requests", STEP),
    "/v1/spaces/echo/requests/A/%77ait": ("GET", "/v1/spaces/echo/requests/A/wait", OPEN),
    "a space's list by the route of submits": ("GET", "/v1/spaces", SUBMIT),
    "no route at all": ("GET", "/v1/spaces", "$default"),
}


@pytest.mark.parametrize("claims", [None, ULLA])
@pytest.mark.parametrize("name", ASTRAY)
def test_a_call_by_another_route_is_404(name, claims):
    method, path, route_key = ASTRAY[name]
    event = http_event(method, path, {"input": {}}, route_key=route_key, claims=claims)

    answer = api.handler(event, None)

    assert answer["statusCode"] == 404
    assert body_of(answer)["error_type"] == "not_found"


def test_the_refusal_says_what_to_do():
    event = http_event("POST", "/v1/uploads", {}, route_key=OPEN)

    assert body_of(api.handler(event, None))["detail"] == (
        "There is no POST by an escaped path. Send its letters, digits, '-' and '/' unescaped."
    )


@pytest.mark.parametrize("route_key", [OPEN, ME, SUBMIT])
def test_administration_is_served_by_its_own_route_only(route_key):
    event = http_event("GET", "/v1/admin/spaces", claims=ADA, route_key=route_key)

    assert admin.handler(event, None)["statusCode"] == 404


def test_administration_by_its_own_route_and_by_invocation_is_served():
    by_http = http_event("GET", "/v1/admin/spaces", claims=ADA)
    direct = {"method": "GET", "path": "/v1/admin/spaces", "who": "arn"}

    assert admin.handler(by_http, None)["statusCode"] == 200
    assert admin.handler(direct, None)["status"] == 200
