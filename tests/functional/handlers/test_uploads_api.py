"""The paths of files in parts, as API Gateway calls them."""

import pytest

from spaces import bootstrap
from spaces.domain.space import Definition
from spaces.handlers import api
from spaces.services.spaces.create_space import create_space
from spaces_protocol.limits import PARTS_ABOVE_BYTES
from tests.functional.handlers.http_events import ULLA, body_of, http_event

SIZE = PARTS_ABOVE_BYTES + 1
ABOUT = {"space": "lab", "name": "a.wav", "content_type": "audio/wav", "size": SIZE}
STEPS = ("parts", "complete", "abort")


@pytest.fixture(autouse=True)
def space(environment):
    lab = Definition(space_id="lab", title="Lab", created_at=1, features=("audio",))
    create_space(bootstrap.gateway(), lab)


def ask(path, body, claims=None):
    answer = api.handler(http_event("POST", path, body, claims=claims), None)
    return answer["statusCode"], body_of(answer)


def begun_by_ulla(visibility):
    definition = Definition(
        space_id="inner", title="Inner", created_at=1, features=("audio",), visibility=visibility
    )
    create_space(bootstrap.gateway(), definition)
    status, begun = ask("/v1/me/uploads", {**ABOUT, "space": "inner"}, ULLA)
    assert status == 201
    return begun["upload_id"], {
        "space": "inner",
        "multipart_id": begun["multipart"]["multipart_id"],
    }


def test_a_small_file_has_no_parts():
    assert ask("/v1/uploads", {**ABOUT, "size": 9})[1]["multipart"] is None


def test_somebody_who_signed_in_goes_on_under_their_own_path_and_nobody_else():
    upload_id, named = begun_by_ulla("members")

    for step in STEPS:
        assert ask(f"/v1/uploads/{upload_id}/{step}", named)[0] == 404
    status, left = ask(f"/v1/me/uploads/{upload_id}/parts", named, ULLA)
    assert (status, left["arrived_bytes"], len(left["parts"])) == (200, 0, 3)
    status, refused = ask(f"/v1/me/uploads/{upload_id}/complete", named, ULLA)
    assert (status, refused["error_type"]) == (409, "upload_incomplete")
    assert ask(f"/v1/me/uploads/{upload_id}/abort", named, ULLA) == (204, None)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("upload_id", "body", "says"),
    [
        ("short", {"space": "lab", "multipart_id": "x"}, "upload_id is not valid"),
        (f"{'A' * 22}.{SIZE}", {"space": "lab"}, "multipart_id"),
        (f"{'A' * 22}.{SIZE}", {"space": "lab", "multipart_id": ""}, "multipart.multipart_id"),
        (f"{'A' * 22}.{SIZE}", {"space": "lab", "multipart_id": "a\n"}, "multipart.multipart_id"),
        (f"{'A' * 22}.{SIZE}", {"space": "lab", "multipart_id": "x" * 1025}, "at most 1,024"),
    ],
)
def test_what_is_wrong_with_a_step_is_told(step, upload_id, body, says):
    status, refused = ask(f"/v1/uploads/{upload_id}/{step}", body)

    assert (status, refused["error_type"]) == (422, "invalid_input")
    assert says in refused["detail"]


def test_an_unknown_step_is_no_path():
    named = {"space": "lab", "multipart_id": "x"}

    assert ask(f"/v1/uploads/{'A' * 22}.{SIZE}/steal", named)[0] == 404
