"""Codes as typed and spoken; a measurement or the patient's words must never become one."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scribe.coding.spoken_codes import dictated, normalise
from scribe.ids import ModelId, utterance_id
from scribe.records import Origin, Speaker, Transcript, Utterance

DAY = date(2026, 3, 2)
DOCTOR, PATIENT, UNKNOWN = Speaker.CLINICIAN, Speaker.PATIENT, Speaker.UNKNOWN


def transcript(*turns: tuple[Speaker, str]) -> Transcript:
    return Transcript(
        utterances=tuple(
            Utterance(id=utterance_id(n), speaker=speaker, start=n, end=n + 1, text=text)
            for n, (speaker, text) in enumerate(turns, start=1)
        ),
        model_id=ModelId("test"),
    )


def codes(*turns: tuple[Speaker, str]) -> list[str]:
    return [each.code for each in dictated(transcript(*turns), DAY)]


@pytest.mark.parametrize(
    "turns",
    [
        [(PATIENT, "My diagnosis is R53.1, number one, R fifty three point one.")],
        [(DOCTOR, "Her diagnosis was made long ago. Blood pressure is 140 over 90.")],
        [(DOCTOR, "Diagnosis hypertension, lisinopril ten milligrams, I ten years ago told her.")],
        [(DOCTOR, "There are ten diagnoses here, and you are sixty two.")],
        [(DOCTOR, "R 53.1 is on my screen.")],
        [(DOCTOR, "Diagnosis: vitamin B12 deficiency, A1c 7.2, L5 radiculopathy, T12 fracture.")],
        [(DOCTOR, "Diagnosis list. Strength is four out of five, pulse 72, weight 180 pounds.")],
        [(DOCTOR, "Diagnoses. We see 2 of them. I have 3 more.")],
        [(DOCTOR, "The code for the door is 4711.")],
        [(DOCTOR, "Diagnosis: are you 53 years old?")],
        [(DOCTOR, "Diagnosis hypertension. Pulse, I 72.")],
    ],
)
def test_nothing_is_taken(turns: list[tuple[Speaker, str]]) -> None:
    assert codes(*turns) == []


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        (
            [
                (
                    DOCTOR,
                    "Diagnosis list. Number one, weakness, R fifty three point one. "
                    "Number two, hypertension, I ten.",
                )
            ],
            ["R53.1", "I10"],
        ),
        ([(DOCTOR, "Diagnosis: weakness, ICD-10-Coder 53.1.")], ["R53.1"]),
        ([(DOCTOR, "Weakness, ICD-10 code our 53.1")], ["R53.1"]),
        ([(DOCTOR, "The code is are fifty three point one")], ["R53.1"]),
        ([(DOCTOR, "Code em sixty two point eight one")], ["M62.81"]),
        ([(DOCTOR, "Diagnoses: I sixty nine point three five four")], ["I69.354"]),
        ([(DOCTOR, "Diagnoses: I sixty-nine point three fifty-four")], ["I69.354"]),
        (
            [(DOCTOR, "Diagnosis codes R 53.1, G35.D and E eleven point nine")],
            ["R53.1", "G35.D", "E11.9"],
        ),
        ([(UNKNOWN, "Diagnosis code, gee twelve point two one.")], ["G12.21"]),
        ([(DOCTOR, "Diagnosis code R fifty three"), (DOCTOR, "point one, thank you")], ["R53.1"]),
        (
            [
                (DOCTOR, "Diagnosis list: R fifty three."),
                (PATIENT, "Is that bad?"),
                (DOCTOR, "Point one. Number two I10."),
            ],
            ["R53.1", "I10"],
        ),
        ([(DOCTOR, "Diagnosis R53.1, that is R fifty three point one.")], ["R53.1"]),
        ([(DOCTOR, "Diagnosis code I sixty nine point three.")], ["I69.3"]),
        ([(DOCTOR, "Diagnosis code R.53.1")], ["R53.1"]),
        ([(DOCTOR, "Diagnosis R53 point 1 and I-69.354")], ["R53.1", "I69.354"]),
        ([(DOCTOR, "ICD-10 codes R-531, I 1 0, M62.81")], ["R53.1", "I10", "M62.81"]),
        ([(DOCTOR, "Diagnosis list number two high blood pressure I 10")], ["I10"]),
        ([(DOCTOR, "Diagnosis code R ninety nine point nine nine.")], ["R99.99"]),
    ],
)
def test_a_dictated_list(turns: list[tuple[Speaker, str]], expected: list[str]) -> None:
    assert codes(*turns) == expected


def test_rank_origin_and_evidence() -> None:
    first, second = dictated(
        transcript(
            (DOCTOR, "Diagnosis list. R fifty three"),
            (DOCTOR, "point one. Number two,"),
            (DOCTOR, "hypertension, I ten."),
        ),
        DAY,
    )
    assert (first.rank, second.rank) == (1, 2)
    assert first.origin is Origin.DICTATED
    assert first.evidence == (utterance_id(1), utterance_id(2))
    assert second.evidence == (utterance_id(3),)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("R53.1", "R53.1"),
        (" r 53.1. ", "R53.1"),
        ("r531", "R53.1"),
        ("s72001a", "S72.001A"),
        ("I10", "I10"),
        ("are fifty three point one", "R53.1"),
        ("ICD-10-Coder 53.1", "R53.1"),
        ("ICD-10 code our 53.1", "R53.1"),
        ("em sixty two point eight one", "M62.81"),
        ("MG31.00", "MG31.00"),
        ("97110", "97110"),
        ("R5.31", "R5.31"),
        ("R53..1", "R53..1"),
        ("", ""),
    ],
)
def test_normalise(written: str, code: str) -> None:
    assert normalise(written) == code


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=30))
def test_normalise_takes_any_text_and_settles(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(list(Speaker)), st.text(max_size=60)), max_size=5))
def test_dictated_takes_any_transcript(turns: list[tuple[Speaker, str]]) -> None:
    found = dictated(transcript(*turns), DAY)
    assert [each.rank for each in found] == list(range(1, len(found) + 1))
