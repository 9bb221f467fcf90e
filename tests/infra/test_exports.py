"""What the stack with the data exports: never less than before."""

import json
from typing import Any

import pytest

from tests.infra.conftest import Synthesize
from tests.infra.lasting import RECORD, recorded
from tests.infra.templates import Template
from tests.rollback.exports_in_use import imports


def exports(template: Template) -> dict[str, Any]:
    """Return the exported values by what their names have after the stack's."""
    return {
        output["Export"]["Name"].partition(":")[2]: output["Value"]
        for output in template.outputs.values()
        if "Export" in output
    }


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_no_export_ever_goes_away(stage: str, synthesize: Synthesize) -> None:
    """CloudFormation refuses to drop an export that the deployed service stack imports."""
    now = exports(synthesize(stage))

    changed = {name: value for name, value in recorded("exports").items() if now.get(name) != value}
    assert changed == {}


def test_every_export_is_recorded(prod: Template) -> None:
    new = {name: value for name, value in exports(prod).items() if name not in recorded("exports")}

    assert new == {}, f"add to the exports of {RECORD.name}: {json.dumps(new)}"


def test_every_attribute_that_a_version_may_import_is_exported(prod: Template) -> None:
    given = exports(prod).values()
    exported = {json.dumps(value) for value in given}

    def missing(type_: str, *attributes: str) -> list[str]:
        values = [
            {"Ref": id_} if attribute == "Ref" else {"Fn::GetAtt": [id_, attribute]}
            for id_ in prod.of_type(type_)
            if not id_.startswith("Site")
            for attribute in attributes
        ]
        assert values
        return [text for text in map(json.dumps, values) if text not in exported]

    assert missing("AWS::DynamoDB::GlobalTable", "Ref", "Arn") == []
    assert missing("AWS::S3::Bucket", "Ref", "Arn", "DomainName", "RegionalDomainName") == []
    assert missing("AWS::Cognito::UserPool", "Ref", "Arn", "ProviderName") == []
    assert missing("AWS::Cognito::UserPoolDomain", "Ref") == []


def test_the_service_stack_imports_only_what_is_recorded(synthesize: Synthesize) -> None:
    """So that the data stack of any version that knows the record can replace this one."""
    for stage in ("dev", "prod"):
        imported = {name.partition(":")[2] for name in imports(synthesize(stage).resources)}

        assert imported
        assert imported <= recorded("exports").keys()
