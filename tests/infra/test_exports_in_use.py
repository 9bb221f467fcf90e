from typing import Any

from tests.rollback.exports_in_use import imports, refused_exports


def exporting(**values: str) -> dict[str, Any]:
    outputs = {
        name: {"Value": {"Ref": value}, "Export": {"Name": f"data:{name}"}}
        for name, value in values.items()
    }
    return {"Outputs": {**outputs, "Unexported": {"Value": "x"}}}


def test_an_export_in_use_cannot_be_dropped() -> None:
    deployed, following = exporting(Arn="Table", Name="Table"), exporting(Name="Table")

    assert refused_exports(deployed, {"data:Arn", "data:Name"}, following) == {"data:Arn"}


def test_an_export_in_use_cannot_have_another_value() -> None:
    refused = refused_exports(exporting(Arn="Table"), {"data:Arn"}, exporting(Arn="Other"))

    assert refused == {"data:Arn"}


def test_an_export_that_nobody_uses_can_be_dropped() -> None:
    assert refused_exports(exporting(Arn="Table"), {"data:Name"}, exporting()) == set()


def test_imports_are_found_wherever_they_are() -> None:
    value = {"a": [{"Fn::Join": ["", ["x", {"Fn::ImportValue": "data:Arn"}]]}], "b": "data:Name"}

    assert list(imports(value)) == ["data:Arn"]
