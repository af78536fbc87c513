"""Proposals for the diagnosis list: what must not be proposed, what is, and on what evidence."""

from datetime import date

import pytest

from scribe.coding.check import check
from scribe.coding.officialterms import key, official_terms
from scribe.coding.suggest import Proposal, propose
from scribe.coding.tables import nearest_table
from scribe.ids import EncounterId
from scribe.records import (
    CodedDiagnosis,
    Encounter,
    NoteText,
    Section,
    Setting,
    Severity,
)

DAY = date(2026, 6, 1)


def visit(day: date = DAY, setting: Setting = Setting.OUTPATIENT) -> Encounter:
    return Encounter(id=EncounterId("e1"), date_of_service=day, setting=setting)


def claim(*codes: str) -> tuple[CodedDiagnosis, ...]:
    return tuple(CodedDiagnosis(code=code, rank=rank) for rank, code in enumerate(codes, 1))


def proposed(note: NoteText, *codes: str) -> list[str]:
    return [each.code for each in propose(note, visit(), claim(*codes))]


NEVER = [
    pytest.param("", id="empty assessment"),
    pytest.param("Possible hypertension.", id="uncertain before"),
    pytest.param("Hypertension, suspected.", id="uncertain after"),
    pytest.param("Hypertension?", id="question mark"),
    pytest.param("R/o multiple sclerosis.", id="to be ruled out"),
    pytest.param("Multiple sclerosis vs ALS.", id="differential"),
    pytest.param("No hypertension.", id="denied"),
    pytest.param("Hypertension ruled out.", id="ruled out"),
    pytest.param("Mother has hypertension.", id="family"),
    pytest.param("Family history of asthma.", id="family history"),
    pytest.param("History of asthma.", id="historical"),
    pytest.param("Asthma resolved.", id="resolved"),
    pytest.param("Return if fatigue.", id="hypothetical"),
    pytest.param("At risk of osteoporosis.", id="risk"),
    pytest.param("Screening for hyperlipidemia.", id="screening"),
    pytest.param("Patient thinks it is multiple sclerosis.", id="patient's opinion"),
    pytest.param("Pulmonary hypertension clinic.", id="a place"),
    pytest.param("Labile hypertension.", id="qualifier the list does not have"),
    pytest.param("White coat hypertension.", id="unknown qualifier before"),
    pytest.param("Hypertension education given.", id="a service"),
    pytest.param("Anemia, iron deficiency.", id="qualifier after a comma"),
    pytest.param("Weakness, left leg.", id="part of the body after a comma"),
    pytest.param("Left leg weakness.", id="part of the body"),
    pytest.param("Weakness due to anemia.", id="symptom with its cause"),
    pytest.param("Anemia causing weakness.", id="cause with its symptom"),
    pytest.param("Type 2 diabetes with neuropathy.", id="combination in one phrase"),
    pytest.param("Type 2 diabetes. Peripheral neuropathy.", id="combination presumed"),
    pytest.param("Hypertension. Chronic systolic heart failure noted.", id="I.C.9.a heart"),
    pytest.param("Knee pain.", id="side not stated"),
    pytest.param("Fracture of the left wrist.", id="seventh character missing"),
    pytest.param("Fall at home.", id="external cause"),
    pytest.param("Pregnancy.", id="obstetric chapter"),
    pytest.param("Catatonia.", id="term under a title with a circumstance"),
    pytest.param("Anemia. CKD stage 4 noted.", id="anemia of a chronic disease"),
    pytest.param("Fatigue. 20 weeks pregnant.", id="pregnancy comes before all"),
    pytest.param("Glomerulonephritis.", id="manifestation in diseases classified elsewhere"),
    pytest.param("Patient is fit.", id="a word that is also a term"),
    pytest.param("Pin.", id="a word that is also an acronym"),
    pytest.param("Stroke.", id="an acute event"),
    pytest.param("Asthma is unlikely.", id="unlikely"),
    pytest.param("Sleep apnea is responsible for the tiredness.", id="a cause"),
    pytest.param("Doing well overall; nothing new.", id="no official term"),
]


@pytest.mark.parametrize("text", NEVER)
def test_never_proposed(text: str) -> None:
    assert proposed(NoteText(assessment=text)) == []


NOT_FROM_A_STROKE = [
    pytest.param("Left hemiparesis, possibly from an old stroke.", (), id="uncertain"),
    pytest.param("No hemiparesis from the old stroke.", (), id="denied"),
    pytest.param("Father has left hemiparesis from an old stroke.", (), id="a relative"),
    pytest.param("Left hemiparesis, not due to the old stroke.", (), id="another cause"),
    pytest.param("Old stroke without residual deficits.", (), id="nothing left"),
    pytest.param("Left hemiparesis from an old stroke.", ("I69.354",), id="on the claim"),
    pytest.param("Left hemiparesis from an old stroke.", ("R53.1",), id="a finding says it"),
]


@pytest.mark.parametrize(("text", "codes"), NOT_FROM_A_STROKE)
def test_no_deficit_of_a_stroke(text: str, codes: tuple[str, ...]) -> None:
    assert not [each for each in proposed(NoteText(assessment=text), *codes) if each[:3] == "I69"]


FROM_A_STROKE = [
    pytest.param("Left hemiparesis from an old stroke. Right handed.", "I69.354", id="left"),
    pytest.param("Right sided weakness due to stroke in 2021.", "I69.351", id="right, by default"),
    pytest.param("Monoparesis of the left arm after an old stroke.", "I69.334", id="one limb"),
]


@pytest.mark.parametrize(("text", "code"), FROM_A_STROKE)
def test_the_deficit_of_an_old_stroke(text: str, code: str) -> None:
    (found,) = [each for each in propose(NoteText(assessment=text), visit(), claim("E03.9"))]
    assert found.code == code
    assert found.evidence


@pytest.mark.parametrize("text", ["Possible hypertension.", "Probable asthma."])
def test_uncertain_is_not_proposed_in_hospital_either(text: str) -> None:
    assert propose(NoteText(assessment=text), visit(setting=Setting.INPATIENT), ()) == ()


def test_not_what_is_on_the_claim_however_it_is_written() -> None:
    note = NoteText(assessment="Hypertension.")
    for written in ("I10", "i10", " I10. "):
        assert proposed(note, written) == []


def test_not_what_is_only_in_the_history_or_the_findings() -> None:
    note = NoteText(
        subjective="Known hypertension.", objective="Asthma.", assessment="Hyperlipidemia."
    )
    assert proposed(note) == ["E78.5"]


def test_not_what_the_assessment_both_states_and_doubts() -> None:
    assert proposed(NoteText(assessment="Asthma. Possible asthma.")) == []


def test_not_what_a_rule_would_block() -> None:
    assert proposed(NoteText(assessment="Generalized weakness."), "M62.81") == []
    assert proposed(NoteText(assessment="Weakness. Muscle weakness.")) == ["M62.81"]


STATED = [
    pytest.param("Hypertension.", ["I10"], id="includes note"),
    pytest.param("Essential hypertension.", ["I10"], id="title without its parentheses"),
    pytest.param("HTN, stable.", ["I10"], id="shorthand"),
    pytest.param("Generalized weakness.", ["R53.1"], id="as the Index has it"),
    pytest.param("Weakness, cause unclear.", ["R53.1"], id="cause not known"),
    pytest.param("Generalized muscle weakness.", ["M62.81"], id="words in another order"),
    pytest.param("Left knee pain.", ["M25.562"], id="side stated"),
    pytest.param("Portal hypertension.", ["K76.6"], id="another disease with the same word"),
    pytest.param("Fatigue.", ["R53.83"], id="term with NOS"),
    pytest.param("Fatigue. Not pregnant.", ["R53.83"], id="pregnancy denied"),
    pytest.param("Polyneuropathy.", ["G62.9"], id="not the code that names Lyme disease"),
    pytest.param("Multiple sclerosis.", ["G35.D"], id="unspecified kind"),
    pytest.param("Asthma.", ["J45.909"], id="unspecified at both ends"),
    pytest.param("Type 2 diabetes.", ["E11.9"], id="without complications"),
    pytest.param("Iron deficiency anemia.", ["D50.9"], id="the longest term"),
    pytest.param("Essential hypertension (I10).", ["I10"], id="code in parentheses"),
    pytest.param("Hyperlipidemia: continue statin.", ["E78.5"], id="plan after a colon"),
    pytest.param("Depression and anxiety.", ["F32.A", "F41.9"], id="two joined by and"),
    pytest.param("1. HTN\n2) COPD\n- Fatigue", ["I10", "J44.9", "R53.83"], id="numbered list"),
    pytest.param("Bell\u2019s palsy.", ["G51.0"], id="curly apostrophe"),
    pytest.param("COPD. Hypertension. COPD stable.", ["J44.9", "I10"], id="in order, each once"),
]


@pytest.mark.parametrize(("text", "codes"), STATED)
def test_proposed(text: str, codes: list[str]) -> None:
    assert proposed(NoteText(assessment=text)) == codes


def test_without_an_assessment_the_plan_is_read() -> None:
    assert proposed(NoteText(plan="Hypertension: continue lisinopril.")) == ["I10"]


def test_the_evidence_is_the_exact_place_in_the_note() -> None:
    note = NoteText(assessment="COPD   stable.\nHypertension;  COPD.")
    copd, hypertension = propose(note, visit(), ())
    assert copd.matched == ("copd",)
    assert [quote.text for quote in copd.evidence] == ["COPD", "COPD"]
    for proposal in (copd, hypertension):
        assert proposal.title == nearest_table(DAY).title(proposal.code)
        for quote in proposal.evidence:
            assert quote.section is Section.ASSESSMENT
            assert note.assessment[quote.start : quote.end] == quote.text


def test_the_edition_of_the_day_decides() -> None:
    note = NoteText(assessment="Multiple sclerosis.")
    assert [each.code for each in propose(note, visit(date(2025, 9, 30)), ())] == ["G35"]


@pytest.mark.parametrize("day", [date(1999, 1, 1), date(2050, 1, 1)])
def test_outside_the_tables_the_nearest_is_used(day: date) -> None:
    assert [each.code for each in propose(NoteText(assessment="Asthma."), visit(day), ())] == [
        "J45.909"
    ]


ODD = [
    pytest.param("\x00\x1b[31m\u202e", id="control characters"),
    pytest.param("hypertension " * 2000, id="one word without end"),
    pytest.param("((((((:::;;;;", id="only marks"),
    pytest.param("İstanbul ﬁbrillation ß", id="letters that change length"),
]


@pytest.mark.parametrize("text", ODD)
def test_odd_text_gives_nothing_and_no_error(text: str) -> None:
    assert proposed(NoteText(assessment=text)) == []


def test_whatever_is_proposed_is_billable_and_blocks_nothing() -> None:
    note = NoteText(
        assessment="Hypertension. Generalized weakness. Asthma. Left knee pain. Depression."
    )
    found: tuple[Proposal, ...] = propose(note, visit(), ())
    assert len(found) == 5
    assert all(nearest_table(DAY).is_billable(each.code) for each in found)
    after = check(note, visit(), claim(*(each.code for each in found)))
    assert not [each for each in after if each.severity is Severity.BLOCK]


AMBIGUOUS = [
    pytest.param("tuberculosis of", id="a fragment"),
    pytest.param("disease", id="one general word"),
    pytest.param("", id="no word"),
    pytest.param("word " * 20, id="too many words"),
]


@pytest.mark.parametrize("words", AMBIGUOUS)
def test_no_code_for_words_that_are_no_term(words: str) -> None:
    assert official_terms(nearest_table(DAY)).code(key(words)) == ""
