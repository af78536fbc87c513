"""Diseases, drugs and states that explain weakness: what must stay silent, then what must not.

One short note per case; `suggest` holds beginnings of codes of which one has to be offered.
"""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scribe.coding.attribution import attribution
from scribe.coding.check import check
from scribe.coding.conditions import conditions, terms
from scribe.coding.facts import gather
from scribe.coding.request import read_requests
from scribe.coding.rules import RULES
from scribe.coding.rules.adverse_effect import is_adverse_effect
from scribe.coding.tables import nearest_table, tables_for
from scribe.ids import EncounterId
from scribe.records import CodedDiagnosis, Encounter, Finding, NoteText, Severity, Sex

CASES = Path(__file__).parent / "cases" / "causes.jsonl"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]
LEGITIMATE = [row for row in ROWS if not row["expect"]["block"]]
MISUSES = [row for row in ROWS if row["expect"]["block"]]
DAYS = (date(2023, 1, 5), date(2025, 3, 3), date(2025, 10, 1), date(2026, 11, 2))


def run(row: dict[str, Any]) -> tuple[Finding, ...]:
    (request,) = read_requests(json.dumps({k: v for k, v in row.items() if k != "expect"}))
    return check(request.note, request.encounter, request.diagnoses)


def of(findings: tuple[Finding, ...], severity: Severity) -> set[str]:
    return {str(each.rule_id) for each in findings if each.severity is severity}


def judge(
    *codes: str,
    assessment: str,
    subjective: str = "",
    day: date = DAYS[2],
    age: int | None = None,
    sex: Sex = Sex.UNKNOWN,
    specialty: str = "pcp",
) -> tuple[Finding, ...]:
    return check(
        NoteText(subjective=subjective, assessment=assessment),
        Encounter(id=EncounterId("e1"), date_of_service=day, age=age, sex=sex, specialty=specialty),
        tuple(CodedDiagnosis(code=code, rank=rank) for rank, code in enumerate(codes, 1)),
    )


def test_at_least_two_in_five_cases_are_legitimate() -> None:
    assert len(ROWS) >= 150
    assert len(LEGITIMATE) >= 0.4 * len(ROWS)
    assert len({row["id"] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", LEGITIMATE, ids=[row["id"] for row in LEGITIMATE])
def test_no_cause_is_invented(row: dict[str, Any]) -> None:
    findings = run(row)
    assert of(findings, Severity.BLOCK) == set()
    assert set(row["expect"]["warn"]) <= of(findings, Severity.WARN)


UNCERTAIN_TIES = (
    "Weakness, likely due to {}.",
    "Generalized weakness, r/o {}.",
    "Generalized weakness, possible {}.",
    "Weakness vs {}.",
    "Suspect the weakness is due to {}.",
    "Weakness may be caused by {}.",
    "Generalized weakness not due to {}.",
    "Generalized weakness, unrelated to {}.",
    "Generalized weakness. No {}.",
    "Generalized weakness. Mother has {}.",
    "Generalized weakness. Family history of {}.",
    "Weakness: return if signs of {}.",
    "The patient thinks the weakness is due to {}.",
    "Generalized weakness. {} ruled out.",
    "Generalized weakness. Is the weakness due to {}?",
    "Generalized weakness. Counselled about risk of {}.",
)
DISEASES = (
    "myasthenia gravis",
    "multiple sclerosis",
    "Guillain-Barre syndrome",
    "myotonic dystrophy",
    "polymyositis",
    "Parkinson disease",
    "peripheral neuropathy",
    "lumbar radiculopathy",
    "cervical myelopathy",
    "botulism",
    "hypothyroidism",
    "iron deficiency anemia",
    "hypokalemia",
    "chronic kidney disease",
    "diabetes",
    "malnutrition",
    "influenza",
    "lymphoma",
    "heart failure",
    "adrenal insufficiency",
    "long COVID",
    "prednisone",
)


@pytest.mark.parametrize("disease", DISEASES)
@pytest.mark.parametrize("sentence", UNCERTAIN_TIES)
def test_what_is_not_stated_as_a_fact_never_blocks(sentence: str, disease: str) -> None:
    findings = judge("R53.1", assessment=sentence.format(disease))
    assert of(findings, Severity.BLOCK) == set()


@pytest.mark.parametrize("disease", DISEASES)
def test_beside_the_weakness_is_not_its_cause(disease: str) -> None:
    for text in (
        f"1. Generalized weakness. 2. {disease}, stable.",
        f"Generalized weakness after {disease}, cause unknown.",
    ):
        assert of(judge("R53.1", assessment=text), Severity.BLOCK) == set()


@pytest.mark.parametrize("disease", DISEASES)
def test_the_same_disease_stated_as_the_cause_blocks(disease: str) -> None:
    findings = judge("R53.1", assessment=f"The weakness is due to {disease}.")
    assert len(of(findings, Severity.BLOCK)) == 1
    (finding,) = [each for each in findings if each.severity is Severity.BLOCK]
    assert finding.suggestions
    assert finding.evidence


@pytest.mark.parametrize("row", MISUSES, ids=[row["id"] for row in MISUSES])
def test_exactly_these_block_and_the_right_code_is_offered(row: dict[str, Any]) -> None:
    findings = run(row)
    assert of(findings, Severity.BLOCK) == set(row["expect"]["block"])
    assert set(row["expect"]["warn"]) <= of(findings, Severity.WARN)
    offered = [suggestion.code for each in findings for suggestion in each.suggestions]
    for start in row["expect"]["suggest"]:
        assert any(code.startswith(start) for code in offered), (start, offered)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_offered_code_is_billable_on_the_day(day: date) -> None:
    for row in MISUSES:
        for finding in run({**row, "date_of_service": day.isoformat()}):
            for each in finding.suggestions:
                if not each.code.endswith("-") and tables_for(day) is not None:
                    assert nearest_table(day).is_billable(each.code), (row["id"], each.code)


def test_the_type_of_multiple_sclerosis_is_coded_since_october_2025() -> None:
    text = "Leg weakness due to relapsing-remitting multiple sclerosis."
    for day, code in ((date(2025, 9, 30), "G35"), (date(2025, 10, 1), "G35.A")):
        (finding,) = [
            each
            for each in judge("R53.1", assessment=text, day=day)
            if each.severity is Severity.BLOCK
        ]
        assert [each.code for each in finding.suggestions] == [code]


def test_no_code_is_offered_before_it_was_in_force() -> None:
    text = "Weakness attributed to Parkinson disease."
    findings = judge("R53.1", assessment=text, day=date(2023, 9, 1))
    assert [s.code for each in findings for s in each.suggestions] == ["G20"]


@pytest.mark.parametrize("key", sorted(conditions()))
def test_every_disease_has_a_rule_and_codes_of_the_tables(key: str) -> None:
    condition = conditions()[key]
    table = nearest_table(date(2026, 3, 2))
    assert condition.rule in {str(rule.id) for rule in RULES}
    for family in condition.families:
        assert table.exists(family) or len(family) < 3, family
    for kind in condition.kinds:
        re.compile(kind.pattern)
        for code in kind.codes:
            stem = code.rstrip("-").rstrip(".")
            assert table.exists(stem), code
    assert terms()[key]["terms"]


@pytest.mark.parametrize(
    ("code", "adverse"),
    [
        ("T42.4X5A", True),
        ("T42.75XA", True),
        ("T43.225D", True),
        ("T50.A15A", True),
        ("T42.4X1A", False),
        ("T43.651A", False),
        ("T36.0X6A", False),
        ("T51.0X5A", False),
        ("R53.1", False),
    ],
)
def test_adverse_effect_codes(code: str, adverse: bool) -> None:
    assert is_adverse_effect(code) is adverse


@pytest.mark.parametrize(
    ("age", "sex"), [(27, Sex.MALE), (71, Sex.FEMALE)], ids=["a man", "long past it"]
)
def test_a_word_of_pregnancy_in_another_chart_does_not_block(age: int, sex: Sex) -> None:
    text = "Weakness. 20 weeks pregnant."
    assert of(judge("R53.1", assessment=text, age=age, sex=sex), Severity.BLOCK) == set()
    assert of(judge("R53.1", assessment=text, age=27), Severity.BLOCK) == {"R531-PREGNANCY"}


@pytest.mark.parametrize(
    ("weeks", "code", "gestation"),
    [
        (9, "O26.891", "Z3A.09"),
        (13, "O26.891", "Z3A.13"),
        (14, "O26.892", "Z3A.14"),
        (27, "O26.892", "Z3A.27"),
        (28, "O26.893", "Z3A.28"),
    ],
)
def test_the_trimester_comes_from_the_weeks(weeks: int, code: str, gestation: str) -> None:
    findings = judge("R53.1", assessment=f"Weakness. She is {weeks} weeks pregnant.")
    offered = [s.code for each in findings for s in each.suggestions]
    assert code in offered
    assert gestation in offered


def test_surgery_is_only_mentioned_to_therapists_and_never_blocks() -> None:
    text = "Weakness after left total knee arthroplasty."
    findings = judge("R53.1", assessment=text, specialty="pt")
    (finding,) = [each for each in findings if each.rule_id == "R531-POSTOP"]
    assert finding.severity is Severity.INFO
    assert [each.code for each in finding.suggestions] == ["Z47.1"]
    for specialty, codes in (("pcp", ("R53.1",)), ("pt", ("Z47.1", "R53.1"))):
        others = judge(*codes, assessment=text, specialty=specialty)
        assert "R531-POSTOP" not in {str(each.rule_id) for each in others}


def test_the_attribution_tells_what_it_rests_on() -> None:
    note = NoteText(assessment="Myasthenia gravis crisis with generalized weakness.")
    encounter = Encounter(id=EncounterId("e1"), date_of_service=DAYS[2])
    facts = gather(note, encounter, (CodedDiagnosis(code="R53.1", rank=1),))
    found = attribution(facts, conditions()["myasthenia"])
    assert [quote.text for quote in found.quotes(facts)] == ["weakness", "Myasthenia gravis"]
    assert found.kind(facts).codes == ("G70.01",)
    assert not found.doubted
