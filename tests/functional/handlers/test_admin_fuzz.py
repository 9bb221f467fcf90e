"""Whatever is sent to administration is answered, and never with an internal error."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spaces import bootstrap
from spaces.domain.space import Definition
from spaces.handlers import admin
from spaces.services.spaces.create_space import create_space
from spaces_protocol.admin_bodies import SpaceSettings
from tests.functional.handlers.http_events import ADA, body_of, http_event

FIELDS = [
    *SpaceSettings.__struct_fields__,
    *("spaces", "label", "limits", "expires_in_days", "overlap_hours", "states", "dry_run"),
    *("text", "upload_id", "content_type", "size"),
    *("user", "email", "action", "administrator"),
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
BODIES = st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=4) | VALUES
NAMES = st.sampled_from(["echo", "nosuch", "..", "A B", "x" * 100, "echo.1.AAAAAAAAAAAAAAAAAAAAAA"])
ROUTES = sorted(
    {(r.method, r.path) for r in (*admin.app._static_routes, *admin.app._dynamic_routes)}
)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)


@pytest.fixture
def space(environment, users):
    create_space(bootstrap.gateway(), Definition(space_id="echo", title="Echo", created_at=1))


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_every_call_is_answered_with_a_reason(space, method, path):
    @settings(
        max_examples=40,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
        database=None,
    )
    @given(body=BODIES, name=NAMES, query=st.dictionaries(st.sampled_from(QUERIES), TEXTS))
    def call(body, name, query):
        parts = [name if part.startswith("<") else part for part in path.split("/")]
        text = json.dumps(body)
        answer = admin.handler(
            http_event(method, "/".join(parts), text, claims=ADA, query=query), None
        )

        assert answer["statusCode"] != 500, answer
        if answer["statusCode"] >= 400:
            assert body_of(answer)["detail"]

    call()


QUERIES = ("version", "hours", "cursor", "space", "state", "user", "from", "to")
