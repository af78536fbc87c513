"""Who spoke, guessed from the words: what must not be decided comes first."""

import pytest

from scribe.ids import utterance_id
from scribe.records import Speaker, Utterance
from scribe.speech.speakers import assign, assign_all, votes

C, P, U = Speaker.CLINICIAN, Speaker.PATIENT, Speaker.UNKNOWN


def said(*texts: str) -> tuple[Utterance, ...]:
    """Utterances one after the other."""
    return tuple(
        Utterance(
            id=utterance_id(number), speaker=U, start=number * 3.0, end=number * 3.0 + 2, text=text
        )
        for number, text in enumerate(texts, start=1)
    )


@pytest.mark.parametrize(
    "text",
    ["Okay.", "And then there was nothing else.", "Metoprolol 50 milligrams twice daily.", "1950."],
)
def test_words_that_both_may_say_decide_nothing(text: str) -> None:
    assert abs(votes(text)) < 0.5
    (_, _, last) = assign_all(said("Okay.", "Hmm.", text))
    assert last.speaker is U


def test_a_new_utterance_after_an_undecided_one_stays_undecided() -> None:
    earlier = said("Okay.", "So.", "Okay.", "And so on.")
    assert assign(earlier[-1], earlier[:-1]).speaker is U


CLINICIAN = [
    "Have you had any falls?",
    "Tell me what has been going on.",
    "Your blood pressure is 132 over 78.",
    "Strength is 4 out of 5 in the left arm.",
    "Here's the plan.",
    "I am sending you to physical therapy twice a week.",
    "My assessment is that the weakness is left over from the old stroke.",
    "Continue aspirin at the same dose.",
    "Number one, weakness, ICD-10 code R53.1.",
]
PATIENT = [
    "My left arm and my left leg are still weak.",
    "I've been tired since last week.",
    "No, nothing like that, I had it before.",
    "I take aspirin once a day.",
    "I almost fell once, but I caught the railing.",
    "Did I have another stroke?",
    "What can I do about it?",
    "Thank you, doctor.",
    "It hurts when I walk.",
]


@pytest.mark.parametrize("text", CLINICIAN)
def test_the_words_of_a_clinician(text: str) -> None:
    assert votes(text) >= 1.0


@pytest.mark.parametrize("text", PATIENT)
def test_the_words_of_a_patient(text: str) -> None:
    assert votes(text) <= -1.0


def test_a_short_answer_belongs_to_the_other_one() -> None:
    heard = said("Are you allergic to anything?", "Only to penicillin.")
    assert [each.speaker for each in assign_all(heard)] == [C, P]
    assert assign(heard[1], heard[:1]).speaker is P


def test_the_rest_of_a_sentence_belongs_to_its_beginning() -> None:
    heard = said("I've been taking aspirin in the morning,", "and something white at night.")
    assert assign(heard[1], heard[:1]).speaker is P


def test_only_the_speaker_is_filled_in() -> None:
    (heard,) = said("Have you had any falls?")
    found = assign(heard, ())
    assert (found.id, found.start, found.end, found.text) == (heard.id, 3.0, 5.0, heard.text)


def test_a_guess_made_earlier_does_not_bear_on_the_next() -> None:
    """The texts decide; a wrong guess must not drag others along."""
    first, second = said("Have you had any falls?", "None at all.")
    as_patient = Utterance(
        id=first.id, speaker=P, start=first.start, end=first.end, text=first.text
    )
    assert assign(second, (as_patient,)) == assign(second, (first,))


def test_no_utterances_are_no_trouble() -> None:
    assert assign_all(()) == ()


def test_an_hour_of_a_visit_is_still_decided() -> None:
    """Probabilities must not run down to nothing."""
    heard = said(*(["Do you have any pain in your knee?", "No, I have not had that."] * 600))
    assert {each.speaker for each in assign_all(heard)[::2]} == {C}
    assert assign(heard[-1], heard[:-1]).speaker is P
