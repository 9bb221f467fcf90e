import pytest

from spaces.handlers.rest.call import Response
from spaces.handlers.rest.router import Router


@pytest.fixture
def router():
    router = Router()

    @router.get("/v1/spaces/<space>/requests/<request_id>")
    def show(_call, space, request_id):
        return Response(200, f"{space} {request_id}", {})

    @router.put("/v1/spaces/<space>")
    def edit(_call, space):
        return Response(200, space, {})

    return router


def test_a_path_names_what_its_route_takes(router):
    handler, names = router.find("GET", "/v1/spaces/echo/requests/a.b-c")

    assert names == {"space": "echo", "request_id": "a.b-c"}
    assert handler(None, **names).body == "echo a.b-c"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/spaces/echo/requests/1"),
        ("GET", "/v1/spaces/echo"),
        ("GET", "/v1/spaces/echo/requests/"),
        ("GET", "/v1/spaces/echo/requests/1/"),
        ("GET", "/v1/spaces/echo/status/1"),
        ("GET", "v1/spaces/echo/requests/1"),
        ("PUT", "/v1/spaces/"),
        ("PUT", ""),
    ],
)
def test_other_paths_and_methods_have_no_route(router, method, path):
    assert router.find(method, path) is None
