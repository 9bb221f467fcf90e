import json

from infra.audit_dependencies import npm_findings, python_findings


def test_a_vulnerable_python_package_is_named_with_its_remedy() -> None:
    found = {"id": "PYSEC-2026-1", "fix_versions": ["1.1"], "aliases": [], "description": ""}
    package = {"name": "a", "version": "1.0", "vulns": [found]}

    findings = python_findings(json.dumps({"dependencies": [package], "fixes": []}))

    assert findings.vulnerabilities == ["a 1.0: PYSEC-2026-1, mended in 1.1"]
    assert findings.checked == 1


def test_a_python_package_that_the_source_does_not_know_counts_as_unchecked() -> None:
    skipped = {"name": "a", "skip_reason": "Dependency not found on PyPI"}

    findings = python_findings(json.dumps({"dependencies": [skipped], "fixes": []}))

    assert (findings.checked, findings.unchecked) == (0, ["a"])


def test_a_vulnerable_npm_package_is_named() -> None:
    answer = {
        "vulnerabilities": {"a": {"range": "<2", "severity": "high"}},
        "metadata": {"dependencies": {"total": 3}},
    }

    findings = npm_findings(json.dumps(answer))

    assert findings.vulnerabilities == ["a <2: high"]
    assert findings.checked == 3


def test_a_source_that_does_not_answer_has_checked_nothing() -> None:
    for findings in (npm_findings('{"statusCode": 405}'), python_findings("")):
        assert findings.checked == 0
        assert findings.unchecked == ["all"]
        assert not findings.vulnerabilities
