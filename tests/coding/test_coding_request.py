"""Notes to be checked as JSON and JSON Lines; errors name the line and never its content."""

import json
from datetime import date

import pytest

from scribe.coding.request import read_requests
from scribe.errors import BadInput
from scribe.records import Setting, Sex

ONE = {
    "id": "x-1",
    "date_of_service": "2026-03-02",
    "specialty": "pt",
    "setting": "inpatient",
    "age": 70,
    "sex": "F",
    "codes": [{"code": "R53.1", "rank": 1}],
    "note": {"subjective": "Weak.", "objective": "", "assessment": "Weakness.", "plan": ""},
}


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "empty"),
        ("{", "Line 1"),
        ("null", "Line 1"),
        ("[1]", "Note 1"),
        (json.dumps(ONE) + "\n{not json", "Line 2"),
        (json.dumps(ONE) + "\n\n" + json.dumps({**ONE, "secretpatient": 1}), "Line 3"),
        (json.dumps({**ONE, "date_of_service": "yesterday secretpatient"}), "date_of_service"),
        (json.dumps({**ONE, "note": {"subjective": 5}}), "subjective"),
        (json.dumps({**ONE, "sex": "secretpatient"}), "sex"),
        (json.dumps({"id": "only"}), "date_of_service"),
        ("[" * 100_000, "Line 1"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(text: str, where: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_requests(text)
    assert where in caught.value.message


def test_an_error_never_repeats_the_content() -> None:
    text = json.dumps({**ONE, "age": "the patient is very weak"})
    with pytest.raises(BadInput) as caught:
        read_requests(text)
    assert "very weak" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ONE),
        json.dumps(ONE, indent=2),
        json.dumps([ONE]),
        json.dumps({**ONE, "expect": {"block": []}, "why": "because"}) + "\n",
    ],
)
def test_one_note_in_every_accepted_form(text: str) -> None:
    (request,) = read_requests(text)
    assert request.id == "x-1"
    assert request.note.assessment == "Weakness."
    assert request.encounter.date_of_service == date(2026, 3, 2)
    assert request.encounter.setting is Setting.INPATIENT
    assert request.encounter.sex is Sex.FEMALE
    assert [(each.code, each.rank) for each in request.diagnoses] == [("R53.1", 1)]


def test_json_lines_and_defaults() -> None:
    lines = [json.dumps({"date_of_service": "2026-03-02"}), json.dumps(ONE)]
    first, second = read_requests("\n".join(lines))
    assert first.id == "Line 1"
    assert first.encounter.setting is Setting.OUTPATIENT
    assert first.diagnoses == ()
    assert second.id == "x-1"


@pytest.mark.parametrize(
    "services",
    [{"procedures": ["97110"]}, {"cpt": "97110"}, {"cpt": ["97110"]}],
    ids=["list", "one", "short"],
)
def test_the_services_billed_are_read(services: dict[str, object]) -> None:
    (request,) = read_requests(json.dumps({**ONE, **services}))
    assert request.encounter.procedures == ("97110",)


def test_services_that_are_no_text_are_refused() -> None:
    with pytest.raises(BadInput):
        read_requests(json.dumps({**ONE, "cpt": {"a": 1}}))
