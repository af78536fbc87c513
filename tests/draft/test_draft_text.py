"""Numbers, cleaning and cutting of turns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scribe.draft import answers, lexicon, questions, rewrite
from scribe.draft.numbers import normalise
from scribe.draft.segment import LONGEST, clean, segment
from scribe.draft.template import Phase
from scribe.ids import utterance_id
from scribe.records import Speaker, Utterance

WORDS = lexicon.load()

LEFT_ALONE = {
    "a pronoun": "one of them hurts",
    "a figure": "take 20 mg every morning",
    "a ratio": "strength is 4+/5 on the left",
    "a date": "in March of 2019",
    "a code": "weakness, R53.1",
    "a hundred as a word": "hundreds of people",
}
SPOKEN = {
    "blood pressure": ("one twenty six over seventy", "126/70"),
    "blood pressure with hundred": ("a hundred and forty over eighty", "a 140/80"),
    "strength grade": ("four out of five", "4/5"),
    "strength grade plus": ("four plus out of five", "4+/5"),
    "strength grade minus": ("four minus over five", "4-/5"),
    "dose": ("fifty milligrams every six hours", "50 mg every 6 hours"),
    "age": ("seventy-one year old", "71-year-old"),
    "decimal": ("an a1c of seven point five", "an a1c of 7.5"),
    "year": ("back in twenty nineteen", "back in 2019"),
    "year with thousand": ("two thousand nineteen", "2019"),
    "percent": ("ninety eight percent", "98%"),
    "spelled code": ("R fifty three point one", "R53.1"),
    "long code": ("I sixty nine point three five four", "I69.354"),
    "one before a unit": ("one week ago", "1 week ago"),
    "number in a list": ("diagnosis number one", "diagnosis number 1"),
}


@pytest.mark.parametrize("text", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_text_without_spoken_numbers_stays(text: str) -> None:
    assert normalise(text) == text


@pytest.mark.parametrize(("said", "figures"), SPOKEN.values(), ids=SPOKEN)
def test_spoken_numbers_become_figures(said: str, figures: str) -> None:
    assert normalise(said) == figures


@given(st.text(max_size=200))
def test_any_text_can_be_cleaned(text: str) -> None:
    cleaned = clean(text, WORDS)
    assert cleaned == cleaned.strip()


SLIPS = {
    "a corrected pressure": ("It is 170 over, sorry, 120 over 70.", "It is 120/70."),
    "a corrected side": ("my left, no, I mean right arm", "my right arm"),
    "a stutter with a verb": ("I, I'm weak, I'm, I got weak", "I'm weak, I got weak"),
    "a stutter": ("I I I feel the the same", "I feel the same"),
    "fillers": ("it's, um, you know, the arm", "it's, the arm"),
    "split clitics": ("we're gon na see, it 's fine", "we're gonna see, it's fine"),
}


@pytest.mark.parametrize(("said", "cleaned"), SLIPS.values(), ids=SLIPS)
def test_slips_are_resolved(said: str, cleaned: str) -> None:
    assert clean(said, WORDS) == cleaned


def _turns(text: str) -> tuple[str, ...]:
    utterance = Utterance(
        id=utterance_id(7), speaker=Speaker.UNKNOWN, start=0.0, end=1.0, text=text
    )
    turns = segment(utterance, WORDS, 3)
    assert [each.position for each in turns] == list(range(3, 3 + len(turns)))
    assert {each.utterance for each in turns} <= {utterance.id}
    return tuple(each.text for each in turns)


def test_a_question_stands_apart_from_its_answer() -> None:
    assert _turns("Any numbness? No. It's the arm.") == ("Any numbness?", "No. It's the arm.")


def test_long_monologues_are_cut() -> None:
    assert all(len(each.split()) <= LONGEST for each in _turns("the arm is weak and " * 40))


ASKS = {
    "a question mark": ("Numbness?", True),
    "no question mark": ("okay good but now are you able to move your arm", True),
    "tell me": ("alright tell me have you had pain before", True),
    "a statement with you": ("You are dragging the foot.", False),
    "an order": ("Squeeze my fingers.", False),
    "a plan": ("And I'll see you back in 4 weeks.", False),
}


@pytest.mark.parametrize(("text", "expected"), ASKS.values(), ids=ASKS)
def test_questions_are_told_without_question_marks(text: str, expected: bool) -> None:
    assert questions.asks(text) is expected


def test_nothing_said_makes_no_turn() -> None:
    assert _turns(" ... ") == ()


SHIFTS = {
    "a side is not an empty word": (
        "Right leg is 5/5.", Speaker.CLINICIAN, Phase.EXAM, "Right leg is 5/5.",
    ),
    "an empty right goes": (
        "Right, so the lungs are clear.", Speaker.CLINICIAN, Phase.EXAM, "The lungs are clear.",
    ),
    "no is kept": (
        "I don't see any drift.", Speaker.CLINICIAN, Phase.EXAM, "No drift.",
    ),
    "first person": (
        "I can't lift my arm.", Speaker.PATIENT, Phase.HISTORY, "The patient can't lift their arm.",
    ),
    "plan": (
        "I'm going to refer you to therapy.", Speaker.CLINICIAN, Phase.PLAN,
        "Will refer the patient to therapy.",
    ),
    "doubt stays doubt": (
        "I don't think it's a new stroke.", Speaker.CLINICIAN, Phase.PLAN,
        "The clinician does not think it's a new stroke.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "speaker", "phase", "written"), SHIFTS.values(), ids=SHIFTS)
def test_sentences_by_rule(text: str, speaker: Speaker, phase: Phase, written: str) -> None:
    assert rewrite.sentence(text, speaker, phase, "the patient") == written


ANSWERS = {
    "two questions in one": ("Are you taking the metformin, any issues?", "No.", ""),
    "a question that says no": ("You're not having chest pain?", "No.", ""),
    "either or": ("Is it numb or weak?", "Yes.", ""),
    "nothing that is named": ("And have you had any before?", "Yes.", ""),
    "no answer": ("Any numbness?", "It comes and goes.", ""),
    "a denial": ("Any numbness or tingling?", "No.", "The patient denies numbness or tingling."),
    "a yes": ("Have you had any falls?", "Yes.", "The patient reports falls."),
    "still taking": (
        "Are you still taking the aspirin?", "Yes.", "The patient is still taking the aspirin.",
    ),
    "no longer taking": (
        "Are you still taking the aspirin?", "No.", "The patient is not taking the aspirin.",
    ),
    "a tag": (
        "And you had the stroke in 2019, is that right?", "Yes.",
        "The patient had the stroke in 2019.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("question", "reply", "written"), ANSWERS.values(), ids=ANSWERS)
def test_only_plain_answers_become_sentences(question: str, reply: str, written: str) -> None:
    assert answers.plain_answer(question, reply, "the patient", WORDS) == written


QUOTED = {
    "a no that is taken back": ("Any numbness?", "No, I do have numbness."),
    "a no with an exception": ("Any falls?", "No, but I had falls."),
    "a no in doubt": ("Are you pregnant?", "No, I don't think so."),
    "a yes in doubt": ("Do you have a rash?", "Yeah, I think so."),
    "what is no longer done": ("Do you smoke?", "I quit ten years ago."),
    "a name behind a yes": ("Are you taking anything for the pain?", "Yes, Tylenol."),
    "another side": ("Are you right handed?", "No, left handed."),
    "a part": ("Can you lift your arm?", "Not all the way."),
    "a condition": ("Do you drink alcohol?", "Only on weekends."),
}


@pytest.mark.parametrize(("question", "reply"), QUOTED.values(), ids=QUOTED)
def test_what_hangs_on_its_question_is_quoted(question: str, reply: str) -> None:
    said = answers.exchange(question, reply, Speaker.PATIENT, "the patient", WORDS)
    assert said == f"Asked “{question}”, the patient answered “{reply.strip('.')}”."


EXCHANGES = {
    "feeling is no finding": (
        "Do you feel safe at home?", "No.", "The patient does not feel safe at home.",
    ),
    "having to is no having": (
        "Do you have to get up at night?", "No.", "The patient does not have to get up at night.",
    ),
    "a verb in its base form": (
        "Where does it hurt?", "In the knee.", "Where it hurts: in the knee.",
    ),
    "the thing itself": (
        "Have you had any falls?", "I fell last week.", "The patient fell last week.",
    ),
    "a no that belongs to the words behind it": (
        "Any numbness in your hands?", "No numbness or tingling.",
        "The patient denies numbness in their hands. The patient denies numbness or tingling.",
    ),
    "a no before bare words": (
        "Any medicines?", "No, just the aspirin.",
        "Asked “Any medicines?”, the patient answered “No, just the aspirin”.",
    ),
    "a no before a clause": (
        "Any falls?", "No, my balance is good.",
        "The patient denies falls. The patient's balance is good.",
    ),
    "a yes before bare words": (
        "Have you had any falls?", "Yes, in March.", "The patient reports falls. In March.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("question", "reply", "written"), EXCHANGES.values(), ids=EXCHANGES)
def test_a_no_is_never_lost_in_an_exchange(question: str, reply: str, written: str) -> None:
    said = answers.exchange(question, reply, Speaker.PATIENT, "the patient", WORDS)
    assert said == written


def test_an_unclear_exchange_is_quoted() -> None:
    quoted = answers.exchange("Is it numb or weak?", "Yes.", Speaker.PATIENT, "the patient", WORDS)
    assert quoted == "Asked “Is it numb or weak?”, the patient answered “Yes”."
