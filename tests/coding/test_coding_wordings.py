"""The same meaning in other words: what is refused, doubted, another person's, over, or tied.

Each case watches the rules that its wording could wrongly wake or silence; most of them are notes
in which these rules stay silent, which come first.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scribe.coding.check import check
from scribe.coding.durations import months_since
from scribe.coding.request import read_requests
from scribe.coding.rules import RULES
from scribe.records import Severity

CASES = Path(__file__).parent / "cases" / "wordings.jsonl"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]
SILENT = [row for row in ROWS if not row["fires"]]
SPEAKING = [row for row in ROWS if row["fires"]]


def raised(row: dict[str, Any]) -> list[str]:
    """The watched rules that block or warn."""
    plain = {key: value for key, value in row.items() if key not in ("watch", "fires")}
    (request,) = read_requests(json.dumps(plain))
    findings = check(request.note, request.encounter, request.diagnoses)
    found = {str(each.rule_id) for each in findings if each.severity is not Severity.INFO}
    return sorted(found.intersection(row["watch"]))


@pytest.mark.parametrize("row", SILENT, ids=[row["id"] for row in SILENT])
def test_a_wording_wakes_no_rule(row: dict[str, Any]) -> None:
    assert raised(row) == []


@pytest.mark.parametrize("row", SPEAKING, ids=[row["id"] for row in SPEAKING])
def test_a_wording_is_understood(row: dict[str, Any]) -> None:
    assert raised(row) == row["fires"]


def test_the_cases_are_sound() -> None:
    listed = {str(rule.id) for rule in RULES}
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    assert len(SILENT) > len(SPEAKING)
    for row in ROWS:
        assert set(row["fires"]) <= set(row["watch"]) <= listed, row["id"]


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("stroke", None),
        ("strength 4/5 in 2025", None),
        ("seen on 3/14/2025", 6),
        ("14/2025", None),
        ("in november 2024", 10),
        ("of nov. 2024", 10),
        ("of 11/2024", 10),
        ("in december of 2023", 21),
        ("in september 2025", 0),
        ("in october 2025", -1),
    ],
)
def test_months_since_a_dated_event(text: str, months: int | None) -> None:
    assert months_since(text, date(2025, 9, 14)) == months
