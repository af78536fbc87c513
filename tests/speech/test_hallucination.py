"""What must stay in the text, then what must go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scribe.speech.hallucination import FASTEST, cleaned, suspicious, without_loops

HEARD = {"no_speech": 0.05, "confidence": 0.9}
UNHEARD = {"no_speech": 0.9, "confidence": 0.2}

MUST_STAY = [
    pytest.param("No.", id="a short answer"),
    pytest.param("Thank you.", id="thanks of a patient"),
    pytest.param("Thank you, doctor.", id="thanks with a name"),
    pytest.param("Bye.", id="a farewell"),
    pytest.param("See you next time.", id="a farewell to a patient"),
    pytest.param("You know, I subscribe to a magazine.", id="an invented phrase inside a sentence"),
    pytest.param("Thank you for watching my mother while I was away.", id="begins like one"),
    pytest.param("No, no, no, not at all.", id="a repeated no"),
    pytest.param("It is very, very, very weak.", id="a repeated very"),
    pytest.param("Pa pa pa pa pa pa pa pa.", id="a speech exercise"),
    pytest.param("Puh tuh kuh, puh tuh kuh, puh tuh kuh.", id="another one"),
    pytest.param("Up and down, up and down, up and down.", id="counting sit to stands"),
    pytest.param("1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12.", id="counting"),
    pytest.param("4 out of 5, 4 out of 5, 4 out of 5, 5 out of 5.", id="grades of strength"),
    pytest.param("Left arm is fine. Left leg is fine. Left hand is fine.", id="alike, not equal"),
    pytest.param("R53.1", id="a code"),
]


@pytest.mark.parametrize("text", MUST_STAY)
def test_what_was_said_stays_unchanged(text: str) -> None:
    assert cleaned(text, **HEARD) == text


@pytest.mark.parametrize("text", MUST_STAY)
def test_what_was_said_stays_if_only_one_of_the_two_signs_speaks_against_it(text: str) -> None:
    assert cleaned(text, no_speech=0.3, confidence=0.2) == text


MUST_GO = [
    pytest.param("Thanks for watching!", id="thanks for watching"),
    pytest.param("Thank you for watching.", id="thank you for watching"),
    pytest.param("Please subscribe to my channel.", id="subscribe"),
    pytest.param("Subtitles by the Amara.org community", id="subtitles"),
    pytest.param("", id="nothing"),
    pytest.param(" . . . ", id="only dots"),
    pytest.param("♪♪♪", id="music"),
]


@pytest.mark.parametrize("text", MUST_GO)
def test_what_is_known_to_be_invented_goes_however_sure_the_model_is(text: str) -> None:
    assert cleaned(text, **HEARD) == ""


@pytest.mark.parametrize("text", ["Thank you.", "you", "So", "The patient has a fever."])
def test_over_silence_nothing_is_believed(text: str) -> None:
    assert cleaned(text, **UNHEARD) == ""


def test_a_doubtful_phrase_goes_over_silence_even_if_the_model_is_sure() -> None:
    assert cleaned("Thank you.", no_speech=0.9, confidence=0.9) == ""
    assert cleaned("My leg is weak.", no_speech=0.9, confidence=0.9) == "My leg is weak."


LOOPS = [
    pytest.param("okay " * 30, "okay", id="one word"),
    pytest.param("I don't know. " * 6, "I don't know.", id="a short sentence"),
    pytest.param(
        "The pain is. " + "left and right, " * 9 + "and then gone.",
        "The pain is. left and right, and then gone.",
        id="in the middle",
    ),
    pytest.param(
        "and the patient was told to come back " * 4,
        "and the patient was told to come back",
        id="a long one",
    ),
]


@pytest.mark.parametrize(("text", "expected"), LOOPS)
def test_a_loop_is_reduced_to_one_copy(text: str, expected: str) -> None:
    assert without_loops(text) == expected
    assert suspicious(text, seconds=60.0)


@pytest.mark.parametrize("text", MUST_STAY)
def test_what_was_said_at_a_human_pace_is_not_suspicious(text: str) -> None:
    assert not suspicious(text, seconds=len(text.split()) / FASTEST + 1)


def test_more_words_than_anyone_can_say_are_suspicious() -> None:
    words = " ".join(f"word{number}" for number in range(40))
    assert suspicious(words, seconds=5.0)
    assert not suspicious(words, seconds=10.0)


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=60))
def test_taking_loops_out_keeps_every_kind_of_word_in_its_first_order(words: list[str]) -> None:
    before, after = words, without_loops(" ".join(words)).split()
    assert list(dict.fromkeys(after)) == list(dict.fromkeys(before))
    assert len(after) <= len(before)
