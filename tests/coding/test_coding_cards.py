"""The cards of the rules: what each must tell, and that it reaches the findings and the page."""

from datetime import date

import pytest

from scribe.codec import from_json, to_json
from scribe.coding.check import check
from scribe.coding.guide import guide
from scribe.coding.rule import Rule
from scribe.coding.rules import RULES
from scribe.commands import render
from scribe.ids import EncounterId
from scribe.records import CodedDiagnosis, Encounter, Finding, NoteText, Severity

CARDS = [pytest.param(rule, id=rule.id) for rule in RULES]
BY_ID = {rule.id: rule for rule in RULES}
ENCOUNTER = Encounter(id=EncounterId("e1"), date_of_service=date(2026, 3, 2), age=70)


def findings(note: NoteText, *codes: str) -> tuple[Finding, ...]:
    claim = tuple(CodedDiagnosis(code=code, rank=rank) for rank, code in enumerate(codes, 1))
    return check(note, ENCOUNTER, claim)


@pytest.mark.parametrize("rule", CARDS)
def test_a_card_says_what_would_have_to_be_true_for_an_override(rule: Rule) -> None:
    words = rule.override.split()
    assert len(words) >= 6, "a reason, not a word"
    assert rule.override.endswith(".")
    assert rule.override[0].isupper()
    assert "  " not in rule.override
    assert not set("[]{}<>_…") & set(rule.override), "nothing that must be filled in first"


@pytest.mark.parametrize("rule", CARDS)
def test_a_card_says_the_effect_on_the_order_in_whole_sentences(rule: Rule) -> None:
    assert rule.sequencing == "" or (rule.sequencing.endswith(".") and "  " not in rule.sequencing)


def test_no_reason_is_copied_from_another_rule() -> None:
    told = [rule.override for rule in RULES]
    assert sorted(told) == sorted(set(told))


def test_a_reason_never_tells_the_clinician_to_change_the_note_to_fit() -> None:
    for rule in RULES:
        assert not any(word in rule.override.lower() for word in ("will add", "upcod", "payment"))


def test_the_page_tells_both_of_every_rule() -> None:
    page = guide()
    for rule in RULES:
        assert rule.override in page
        assert rule.sequencing in page


NOTE = NoteText(
    subjective="Weak for two weeks.",
    objective="Strength 4/5 in both legs.",
    assessment="Generalized weakness due to iron deficiency anemia.",
    plan="Iron.",
)


def test_a_finding_carries_the_words_of_its_card() -> None:
    (found,) = [each for each in findings(NOTE, "R53.1") if each.severity is Severity.BLOCK]
    rule = BY_ID[found.rule_id]
    assert found.rule_id == "R531-ANEMIA"
    assert (found.override, found.sequencing) == (rule.override, rule.sequencing)


def test_a_case_may_replace_the_reason_of_the_card() -> None:
    (read,) = [
        each
        for each in findings(NoteText(), "are fifty three point one")
        if each.rule_id == "GEN-CODE-FORMAT"
    ]
    assert read.severity is Severity.INFO
    assert "workers" not in read.override
    assert read.override


def test_a_finding_printed_whole_ends_with_order_and_reason() -> None:
    (found,) = [each for each in findings(NOTE, "R53.1") if each.severity is Severity.BLOCK]
    lines = [line.strip() for line in render.findings((found,))]
    assert f"order: {found.sequencing}" in lines
    assert lines[-1] == f"stays only if: {found.override}"


def test_a_finding_kept_before_there_was_a_reason_is_still_read() -> None:
    old = '{"rule_id": "R531-ALS", "severity": "block", "message": "m"}'
    read = from_json(Finding, old, what="finding")
    assert (read.override, read.sequencing) == ("", "")
    (found,) = [each for each in findings(NOTE, "R53.1") if each.severity is Severity.BLOCK]
    assert from_json(Finding, to_json(found), what="finding") == found
