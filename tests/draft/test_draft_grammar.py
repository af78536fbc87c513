"""Persons, verbs and sound-alikes: what must stay as it is, then what must change and how."""

import pytest

from scribe.draft import dialogue, grammar, lexicon, questions, rewrite
from scribe.draft.segment import clean
from scribe.draft.template import Phase
from scribe.records import Speaker

WORDS = lexicon.load()
D, P = Speaker.CLINICIAN, Speaker.PATIENT

NO_QUESTION = {
    "an order with any": "Any new weakness, call 911.",
    "a clause with any": "Any pain I have is in the hand.",
    "any time": "Any time I walk it hurts.",
    "any more": "Any more than that is too much.",
    "a rule with any": "Any fever should be reported.",
    "a statement": "You have some numbness.",
    "an order with have you": "Have you continue your aspirin 81 mg daily.",
    "anything as a subject": "Anything else is fine.",
    "a list without any": "Numbness, trouble speaking, and headache.",
    "what I do": "I know what you mean.",
}
QUESTION = {
    "a fragment with a full stop": "Any new numbness, trouble speaking, or headache.",
    "a fragment behind a small word": "And any chest pain.",
    "a fragment about the exam": "Any pain when I press here.",
    "an inverted verb with a full stop": "Have you had any falls.",
    "what about": "What about any swelling.",
    "how about": "How about the left elbow.",
    "anything": "Does anything make it better or worse.",
    "anything else": "Anything else going on today.",
}


@pytest.mark.parametrize("text", NO_QUESTION.values(), ids=NO_QUESTION)
def test_statements_are_no_questions(text: str) -> None:
    assert not questions.asks(text)


@pytest.mark.parametrize("text", QUESTION.values(), ids=QUESTION)
def test_questions_without_their_mark_are_questions(text: str) -> None:
    assert questions.asks(text)


HEARD_RIGHT = {
    "agreement": "You're right about the arm.",
    "agreement before a part": "You're right, arm pain is common.",
    "handedness": "You're right-handed.",
    "dominance": "You're left hand dominant.",
    "back as an adverb": "You're back today for the arm.",
    "an adjective": "You're weak on the left.",
    "a possessive": "Your heart is fine.",
    "a way to walk": "Your walking is slow.",
}
MISHEARD = {
    "your with a side": (
        "You're right arm has full strength.",
        "your right arm has full strength.",
    ),
    "your with a part": ("Call if you're face droops.", "Call if your face droops."),
    "your with two sides": ("You're left upper arm is sore.", "your left upper arm is sore."),
    "your with a value": ("You're blood pressure is fine.", "your blood pressure is fine."),
    "you are": ("Your doing well.", "you're doing well."),
    "an okay that asks nothing": ("We'll go on with it, okay?", "We'll go on with it."),
}


@pytest.mark.parametrize("text", HEARD_RIGHT.values(), ids=HEARD_RIGHT)
def test_what_was_heard_right_stays(text: str) -> None:
    assert clean(text, WORDS) == text


@pytest.mark.parametrize(("heard", "meant"), MISHEARD.values(), ids=MISHEARD)
def test_sound_alikes_are_told_apart_by_the_next_word(heard: str, meant: str) -> None:
    assert clean(heard, WORDS) == meant


NO_SLIP = {
    "a no that answers": "Is it 5 mg, no, I take it at night.",
    "two doses": "20 mg in the morning, 40 mg at night.",
    "a no before a finding": "Strength is 4/5, no drift.",
    "a refusal": "Not lisinopril, no.",
    "rather as a wish": "I'd rather take aspirin.",
    "sorry for the patient": "I am sorry to hear that.",
}
SLIP = {
    "a dash": ("It is 170 over - sorry, 120/70.", "It is 120/70."),
    "a dose with its unit": ("Take 20 mg, I mean, 40 mg.", "Take 40 mg."),
    "no before a dose": ("Take 20 mg, no 40 mg.", "Take 40 mg."),
    "a sentence between": ("It was 170 over 80. Sorry, 120 over 70.", "It was 120/70."),
    "a medicine": ("Start metoprolol, I mean, metformin.", "Start metformin."),
    "a day": ("Come on Tuesday, no, wait, Wednesday.", "Come on Wednesday."),
    "a side": ("the right, sorry, the left arm", "the left arm"),
}


@pytest.mark.parametrize("text", NO_SLIP.values(), ids=NO_SLIP)
def test_what_is_no_slip_stays(text: str) -> None:
    assert clean(text, WORDS) == text


@pytest.mark.parametrize(("said", "meant"), SLIP.values(), ids=SLIP)
def test_what_was_said_last_counts(said: str, meant: str) -> None:
    assert clean(said, WORDS) == meant


HISTORY, EXAM, PLAN = Phase.HISTORY, Phase.EXAM, Phase.PLAN
SHIFTED = {
    "a past verb stays": (P, HISTORY, "I fell in March.", "The patient fell in March."),
    "a modal stays": (P, HISTORY, "I could not lift it.", "The patient could not lift it."),
    "an object takes no verb": (
        D, PLAN, "This helps you walk.", "This helps the patient walk.",
    ),
    "an object behind an order": (
        D, PLAN, "I'll prescribe you some baclofen.", "Will prescribe the patient some baclofen.",
    ),
    "an infinitive stays": (
        P, HISTORY, "I try to stretch and walk.", "The patient tries to stretch and walk.",
    ),
    "a no keeps its own clause": (
        P, HISTORY, "I don't have pain, and I walk daily.",
        "The patient does not have pain, and the patient walks daily.",
    ),
    "no one is no denial": (P, HISTORY, "No one can tell why.", "No one can tell why."),
    "a clinician's no is a finding": (D, EXAM, "No drift or droop.", "No drift or droop."),
    "a verb on -ch": (P, HISTORY, "I catch my foot.", "The patient catches their foot."),
    "a verb on -y": (P, HISTORY, "I worry a lot.", "The patient worries a lot."),
    "a verb behind an adverb": (P, HISTORY, "I almost fall.", "The patient almost falls."),
    "you've gotta": (D, PLAN, "You've gotta rest.", "The patient has to rest."),
    "a second verb": (
        P, HISTORY, "I get tired and drop things.", "The patient gets tired and drops things.",
    ),
    "a second subject": (
        P, HISTORY, "I trip, and I catch my foot.", "The patient trips and catches their foot.",
    ),
    "you are": (D, HISTORY, "You are here for weakness.", "The patient is here for weakness."),
    "you walk": (
        D, EXAM, "You walk slowly and your foot drags.",
        "The patient walks slowly and the foot drags.",
    ),
    "owner in a list": (
        P, HISTORY, "My left arm and my left leg are weak.",
        "The patient's left arm and left leg are weak.",
    ),
    "owner in the plan": (
        D, PLAN, "Call if your face droops or if you fall.",
        "Call if the patient's face droops or if the patient falls.",
    ),
    "a list of noes": (
        P, HISTORY, "And no chest pain or shortness of breath either.",
        "The patient denies chest pain or shortness of breath.",
    ),
    "the words before a finding": (
        D, EXAM, "I see no sign of a new stroke.", "No sign of a new stroke.",
    ),
    "an assessment": (
        D, PLAN, "My assessment is that the weakness is old.", "The weakness is old.",
    ),
    "a greeting goes": (
        D, HISTORY, "Good morning, you are here for weakness.", "The patient is here for weakness.",
    ),
    "and then stays": (
        D, PLAN, "It got better, and then it stayed.", "It got better, and then it stayed.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("who", "phase", "said", "written"), SHIFTED.values(), ids=SHIFTED)
def test_persons_and_verbs_agree(who: Speaker, phase: Phase, said: str, written: str) -> None:
    assert rewrite.sentence(said, who, phase, "the patient") == written


CLAUSES = {
    "a fragment": ("The leg mostly.", ""),
    "a list": ("aspirin and metoprolol", ""),
    "a dose": ("My water pill twice a day.", ""),
    "I": ("I am right-handed.", "i"),
    "it": ("It has stayed the same.", "it"),
    "two parts": ("Well, my left arm and my left leg are weak.", "my left arm and my left leg"),
}


@pytest.mark.parametrize(("text", "subject"), CLAUSES.values(), ids=CLAUSES)
def test_a_clause_is_told_from_a_fragment(text: str, subject: str) -> None:
    assert grammar.clause_subject(text) == subject


IDLE = {
    "a fall": ("I fell, thanks.", False),
    "a denial with content": ("No numbness.", False),
    "a later visit": ("See you in 4 weeks.", False),
    "a no again": ("Nothing like that.", True),
    "thanks": ("Thank you, doctor.", True),
    "a relief": ("That is a relief.", True),
    "a promise": ("Okay, I will do that.", True),
}


@pytest.mark.parametrize(("text", "idle"), IDLE.values(), ids=IDLE)
def test_only_what_says_nothing_is_idle(text: str, idle: bool) -> None:
    assert dialogue.is_idle(text) is idle
