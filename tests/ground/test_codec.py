"""Records survive JSON; what does not fit is refused by place and never quoted."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scribe import codec
from scribe.errors import TranscriptUnusable
from scribe.ids import EncounterId, ModelId, utterance_id
from scribe.records import Encounter, Speaker, Transcript, Utterance, Visit, VisitState, Word

HEARD = Transcript(
    model_id=ModelId("m"),
    utterances=(
        Utterance(
            id=utterance_id(1),
            speaker=Speaker.PATIENT,
            start=0.5,
            end=1.25,
            text="My arm is weak – since May.",
            words=(Word(text="My", start=0.5, end=0.7, confidence=0.9),),
        ),
    ),
)

MISFITS = [
    pytest.param(lambda each: each.update(extra="Maria Canary"), id="unknown field"),
    pytest.param(lambda each: each["utterances"][0].update(mood="Maria Canary"), id="unknown deep"),
    pytest.param(lambda each: each["utterances"][0].pop("text"), id="missing field"),
    pytest.param(lambda each: each["utterances"][0].update(speaker="Maria Canary"), id="bad enum"),
    pytest.param(lambda each: each["utterances"][0].update(start="Maria Canary"), id="bad number"),
    pytest.param(lambda each: each.update(utterances="Maria Canary"), id="not a list"),
]


def test_a_record_comes_back_equal() -> None:
    assert codec.from_json(Transcript, codec.to_json(HEARD), what="x") == HEARD


def test_dates_and_states_come_back_equal() -> None:
    visit = Visit(
        encounter=Encounter(id=EncounterId("e-1"), date_of_service=date(2026, 6, 15)),
        state=VisitState.CODED,
        updated=datetime(2026, 6, 15, 9, 30, tzinfo=UTC),
        transcript=HEARD,
    )
    assert codec.from_json(Visit, codec.to_json(visit), what="x") == visit


@pytest.mark.parametrize("spoil", MISFITS)
def test_a_misfit_is_refused_without_being_quoted(spoil: object) -> None:
    value = json.loads(codec.to_json(HEARD))
    assert callable(spoil)
    spoil(value)
    with pytest.raises(TranscriptUnusable) as caught:
        codec.from_json(Transcript, json.dumps(value), what="The transcript")
    assert "The transcript" in str(caught.value)
    assert "Canary" not in str(caught.value)


@given(st.text())
def test_arbitrary_text_is_refused_with_a_known_error(text: str) -> None:
    with pytest.raises(TranscriptUnusable):
        codec.from_json(Transcript, text, what="The transcript")


def test_the_canonical_form_does_not_depend_on_the_order_of_keys() -> None:
    one, other = {"b": 1, "a": [1.5, "ä"]}, {"a": [1.5, "ä"], "b": 1}
    assert codec.canonical(one) == codec.canonical(other) == '{"a":[1.5,"ä"],"b":1}'.encode()


def test_a_number_that_json_cannot_carry_is_not_written() -> None:
    with pytest.raises(ValueError, match="JSON"):
        codec.to_json({"x": float("nan")})
