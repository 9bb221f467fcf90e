import json

import pytest

from tests.local.support.connections import dial
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local


def test_iam_is_enforced(deployed_cloud: DeployedCloud) -> None:
    iam, lambda_ = deployed_cloud.cloud.aws("iam"), deployed_cloud.cloud.aws("lambda")
    (admin,) = [
        function
        for page in lambda_.get_paginator("list_functions").paginate()
        for function in page["Functions"]
        if function["Handler"] == "spaces.handlers.admin.handler"
    ]
    role = admin["Role"].rpartition("/")[2]
    (policy,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
    try:
        iam.delete_role_policy(RoleName=role, PolicyName=policy)
        with pytest.raises(Exception, match="An internal error occurred"):
            deployed_cloud.create_space()
    finally:
        iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=_as_text(document))

    assert "AccessDenied" in "\n".join(deployed_cloud.log("admin"))
    assert deployed_cloud.create_space().worker_token


def test_what_socket_functions_write_is_kept(deployed_cloud: DeployedCloud) -> None:
    space = deployed_cloud.create_space()

    with dial(deployed_cloud, space, worker_id="loud") as link:
        link.register(space.space)

    assert any("loud" in line for line in deployed_cloud.log("connect"))


def _as_text(document: object) -> str:
    return document if isinstance(document, str) else json.dumps(document)
