"""One rule at a time, as each was read against its sources: what must stay silent first, then what
must be said, with which code and with which of the patient's own facts.
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
from scribe.coding.words import vocabulary
from scribe.records import Finding, Severity

CASES = Path(__file__).parent / "cases" / "by_rule.jsonl"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]
SILENT = [row for row in ROWS if not row["expect"]["block"]]
SPEAKING = [row for row in ROWS if row["expect"]["block"]]
EXPECTED = {"block", "warn", "info", "silent", "suggest", "first", "says"}


def run(row: dict[str, Any]) -> tuple[Finding, ...]:
    (request,) = read_requests(json.dumps(row))
    return check(request.note, request.encounter, request.diagnoses)


def raised(findings: tuple[Finding, ...], *severities: Severity) -> set[str]:
    return {each.rule_id for each in findings if each.severity in severities}


@pytest.mark.parametrize("row", SILENT, ids=[row["id"] for row in SILENT])
def test_nothing_blocks(row: dict[str, Any]) -> None:
    assert raised(run(row), Severity.BLOCK) == set()


@pytest.mark.parametrize("row", SPEAKING, ids=[row["id"] for row in SPEAKING])
def test_exactly_these_block(row: dict[str, Any]) -> None:
    assert raised(run(row), Severity.BLOCK) == set(row["expect"]["block"])


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_what_is_said_beside_it(row: dict[str, Any]) -> None:
    findings, expect = run(row), row["expect"]
    said = raised(findings, Severity.BLOCK, Severity.WARN)
    assert set(expect.get("warn", ())) <= raised(findings, Severity.WARN)
    assert set(expect.get("info", ())) <= raised(findings, Severity.INFO)
    assert said.isdisjoint(expect.get("silent", ()))
    offered = {suggestion.code for each in findings for suggestion in each.suggestions}
    assert set(expect.get("suggest", ())) <= offered
    for rule, code in expect.get("first", {}).items():
        firsts = [each.suggestions[0].code for each in findings if each.rule_id == rule]
        assert firsts == [code]
    for rule, words in expect.get("says", {}).items():
        assert any(words in each.message for each in findings if each.rule_id == rule)


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_every_offer_may_stand_on_the_claim_of_that_day(row: dict[str, Any]) -> None:
    day = date.fromisoformat(row["date_of_service"])
    table, until = nearest_table(day), vocabulary("validity")["until"]
    for finding in run(row):
        for suggestion in finding.suggestions:
            code = suggestion.code
            earlier = code in until and day <= until[code]
            assert code.endswith("-") or earlier or table.is_billable(code), code


def test_every_pattern_that_must_never_block_has_a_case() -> None:
    ids = {row["id"][:4] for row in ROWS}
    lines = (CASES.parent / "legitimate.jsonl").read_text("utf-8").splitlines()
    ids |= {json.loads(line)["id"][:4] for line in lines}
    assert {f"fp{number:02}" for number in range(1, 31)} <= ids


def test_the_rows_expect_what_can_be_expected() -> None:
    listed = {rule.id for rule in RULES}
    for row in ROWS:
        expect = row["expect"]
        assert set(expect) <= EXPECTED, row["id"]
        named = {*expect["block"]}
        named |= {rule for key in ("warn", "info", "silent") for rule in expect.get(key, ())}
        assert named | set(expect.get("first", ())) | set(expect.get("says", ())) <= listed
    assert 2 * len(SILENT) >= len(ROWS)
