"""Short notes rule by rule: where a rule must stay silent, where it must speak; and whole notes
that use R53.1 rightly, in the words of many specialties.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scribe.coding.check import check
from scribe.coding.request import read_requests
from scribe.coding.rules import RULES
from scribe.coding.tables import nearest_table
from scribe.records import Finding, Severity

CASES = Path(__file__).parent / "cases"
ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (CASES / "rule_sections.jsonl").read_text("utf-8").splitlines()
]
SILENT = [row for row in ROWS if not row["fires"]]
SPEAKING = [row for row in ROWS if row["fires"]]
LEGITIMATE: list[dict[str, Any]] = [
    json.loads(line) for line in (CASES / "legitimate.jsonl").read_text("utf-8").splitlines()
]
MISUSES: list[dict[str, Any]] = [
    json.loads(line) for line in (CASES / "misuses.jsonl").read_text("utf-8").splitlines()
]
MOST_EXTRA = 0.3
"""Warnings per legitimate note that are bearable on average."""


def run(row: dict[str, Any]) -> tuple[Finding, ...]:
    plain = {key: value for key, value in row.items() if key not in ("watch", "fires")}
    (request,) = read_requests(json.dumps(plain))
    return check(request.note, request.encounter, request.diagnoses)


def raised(row: dict[str, Any]) -> list[str]:
    """The watched rules that block or warn."""
    found = {each.rule_id for each in run(row) if each.severity is not Severity.INFO}
    return sorted(found.intersection(row["watch"]))


@pytest.mark.parametrize("row", SILENT, ids=[row["id"] for row in SILENT])
def test_a_rule_stays_silent(row: dict[str, Any]) -> None:
    assert raised(row) == []


@pytest.mark.parametrize("row", SPEAKING, ids=[row["id"] for row in SPEAKING])
def test_just_these_rules_speak(row: dict[str, Any]) -> None:
    assert raised(row) == row["fires"]


@pytest.mark.parametrize("row", LEGITIMATE, ids=[row["id"] for row in LEGITIMATE])
def test_a_right_use_of_r531_is_never_blocked(row: dict[str, Any]) -> None:
    assert [each.rule_id for each in run(row) if each.severity is Severity.BLOCK] == []


def test_right_uses_are_rarely_warned_about() -> None:
    warns = [each for row in LEGITIMATE for each in run(row) if each.severity is Severity.WARN]
    assert len(warns) <= MOST_EXTRA * len(LEGITIMATE)


@pytest.mark.parametrize("row", MISUSES, ids=[row["id"] for row in MISUSES])
def test_a_misuse_is_named_and_the_right_code_offered(row: dict[str, Any]) -> None:
    findings = run(row)
    blocked = sorted({each.rule_id for each in findings if each.severity is Severity.BLOCK})
    warned = {each.rule_id for each in findings if each.severity is Severity.WARN}
    offered = {suggestion.code for each in findings for suggestion in each.suggestions}
    assert blocked == row["expect"]["block"]
    assert set(row["expect"]["warn"]) <= warned
    for wanted in row["expect"]["suggest"]:
        assert any(code.startswith(wanted) for code in offered), wanted


@pytest.mark.parametrize("row", MISUSES, ids=[row["id"] for row in MISUSES])
def test_every_offer_may_stand_on_the_claim(row: dict[str, Any]) -> None:
    table = nearest_table(date.fromisoformat(row["date_of_service"]))
    for finding in run(row):
        for suggestion in finding.suggestions:
            family = suggestion.code.endswith("-")
            assert family or table.is_billable(suggestion.code), suggestion.code
            assert suggestion.title


def test_every_watched_rule_exists_and_is_seen_both_ways() -> None:
    listed = {rule.id for rule in RULES}
    watched = {rule for row in ROWS for rule in row["watch"]}
    fired = {rule for row in ROWS for rule in row["fires"]}
    assert watched <= listed
    assert watched - fired <= {"R531-DOC-UNSUPPORTED"}
    assert len(SILENT) >= len(ROWS) // 2
