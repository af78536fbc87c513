"""Whole notes with their claims: the legitimate uses of R53.1 first, the misuses after them."""

import json
from pathlib import Path
from typing import Any

import pytest

from scribe.coding.check import check
from scribe.coding.request import read_requests
from scribe.coding.tables import nearest_table
from scribe.records import Finding, Severity

CASES = Path(__file__).parent / "cases" / "r531.jsonl"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]
LEGITIMATE = [row for row in ROWS if not row["expect"]["block"]]
MISUSES = [row for row in ROWS if row["expect"]["block"]]


def run(row: dict[str, Any]) -> tuple[Finding, ...]:
    (request,) = read_requests(json.dumps({k: v for k, v in row.items() if k != "expect"}))
    return check(request.note, request.encounter, request.diagnoses)


def blocks(findings: tuple[Finding, ...]) -> list[str]:
    return sorted(each.rule_id for each in findings if each.severity is Severity.BLOCK)


def test_at_least_half_of_many_cases_are_legitimate_uses() -> None:
    with_r531 = [row for row in ROWS if any(code["code"] == "R53.1" for code in row["codes"])]
    legitimate = [row for row in with_r531 if not row["expect"]["block"]]
    assert len(ROWS) >= 60
    assert len(legitimate) >= 30


@pytest.mark.parametrize("row", LEGITIMATE, ids=[row["id"] for row in LEGITIMATE])
def test_nothing_blocks(row: dict[str, Any]) -> None:
    assert blocks(run(row)) == []


@pytest.mark.parametrize("row", MISUSES, ids=[row["id"] for row in MISUSES])
def test_exactly_these_block_and_the_right_code_is_offered(row: dict[str, Any]) -> None:
    findings = run(row)
    assert blocks(findings) == row["expect"]["block"]
    offered = {suggestion.code for each in findings for suggestion in each.suggestions}
    assert set(row["expect"]["suggest"]) <= offered


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_every_finding_is_borne_out(row: dict[str, Any]) -> None:
    (request,) = read_requests(json.dumps({k: v for k, v in row.items() if k != "expect"}))
    table = nearest_table(request.encounter.date_of_service)
    findings = check(request.note, request.encounter, request.diagnoses)
    assert findings == check(request.note, request.encounter, request.diagnoses)
    for finding in findings:
        assert finding.message
        assert finding.citations
        for quote in finding.evidence:
            assert quote.text
            assert request.note.of(quote.section)[quote.start : quote.end] == quote.text
        for suggestion in finding.suggestions:
            if not suggestion.code.endswith("-") and suggestion.code not in ("M51.36", "G20"):
                assert table.is_billable(suggestion.code), suggestion.code
                assert suggestion.title == table.title(suggestion.code)


def test_a_block_that_rests_on_the_note_quotes_it() -> None:
    needs_quote = {"R531-STROKE-SEQUELA", "R531-ALS", "R531-AGE-RELATED", "R531-FATIGUE-ONLY"}
    seen = set()
    for row in MISUSES:
        if not any(row["note"].values()):
            continue
        for finding in run(row):
            if finding.rule_id in needs_quote:
                seen.add(finding.rule_id)
                assert finding.evidence, row["id"]
    assert seen == needs_quote
