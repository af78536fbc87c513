"""The gate, as tables: what must pass, and what must be refused for which reason."""

import pytest

from scribe.draft import grounding, lexicon, segment, template
from scribe.draft.routing import RoutedTurn, Router
from scribe.records import Speaker
from tests.draft.visit import transcript

WORDS = lexicon.load()
D, P = Speaker.CLINICIAN, Speaker.PATIENT
Said = tuple[tuple[Speaker, str], ...]


def turns(said: Said) -> tuple[RoutedTurn, ...]:
    router = Router(WORDS)
    settled: tuple[RoutedTurn, ...] = ()
    for utterance in transcript(said).utterances:
        for turn in segment.segment(utterance, WORDS):
            settled += router.add(turn)
    return settled + router.flush()


ARM: Said = (
    (D, "What brings you in?"),
    (P, "My left arm has been getting weaker for three weeks."),
)
EXAM: Said = ((D, "Strength in the left arm is 4/5, and the right arm is 5/5. No facial droop."),)
DENIES: Said = ((D, "Any numbness or tingling?"), (P, "No."))
NO_NUMBNESS: Said = ((D, "How are the hands?"), (P, "No numbness or tingling."))
FELL: Said = ((D, "Have you had any falls?"), (P, "Yes, I fell once. I didn't hit my head."))
DRUGS: Said = ((D, "Keep taking the clopidogrel 75 mg, and stop the ibuprofen."),)
UNCLEAR: Said = ((D, "Are you taking the metformin, any issues?"), (P, "No, they've been stable."))
OPEN: Said = ((D, "Any chest pain?"), (D, "Any trouble sleeping?"))
NEW: Said = ((D, "This is weakness from the old stroke, and I don't think it is a new stroke."),)

PASSES = {
    "the same words": (ARM, "The patient presents with weakness of the left arm for 3 weeks."),
    "spelled number": (ARM, "Left arm weaker for three weeks."),
    "grades by side": (EXAM, "Left arm strength 4/5, right arm 5/5."),
    "a denied finding": (EXAM, "No facial droop."),
    "a denial": (DENIES, "The patient denies numbness or tingling."),
    "a denial in other words": (DENIES, "No numbness."),
    "a yes": (FELL, "The patient fell once."),
    "a no within a yes": (FELL, "The patient did not hit their head."),
    "a drug and its dose": (DRUGS, "Continue clopidogrel 75 mg."),
    "a stop": (DRUGS, "Stop ibuprofen."),
    "two acts": (DRUGS, "Continue clopidogrel 75 mg and stop ibuprofen."),
    "one of two clauses": (NEW, "Likely weakness from the old stroke."),
}
REFUSED = {
    "a number": (ARM, "Left arm weakness for 4 weeks.", "a number that was not said"),
    "a unit": (ARM, "Left arm weaker for 3 months.", "a number with another unit"),
    "a side": (ARM, "Right arm weaker for 3 weeks.", "a side that was not said"),
    "sides exchanged": (EXAM, "Right arm 4/5.", "a value on the other side"),
    "a medicine": (DRUGS, "Continue warfarin.", "a medicine not said"),
    "an invented finding": (EXAM, "Babinski sign present.", "words that were not said"),
    "a lost no": (EXAM, "Facial droop.", "a no that was lost"),
    "an added no": (ARM, "Left arm is not weaker.", "a no that was not said"),
    "a denial turned round": (DENIES, "The patient reports numbness.", "a no that was lost"),
    "a no that belongs to the words": (
        NO_NUMBNESS, "The patient has tingling.", "a no that was lost",
    ),
    "a yes turned round": (FELL, "The patient denies falls.", "a no that was not said"),
    "an act": (ARM, "Continue left arm.", "an act that was not said"),
    "keep for stop": (DRUGS, "Continue ibuprofen.", "another act on the same medicine"),
    "stop for keep": (DRUGS, "Stop clopidogrel 75 mg.", "another act on the same medicine"),
    "an answer that leaves it open": (
        UNCLEAR, "The patient does not take metformin.", "the answer leaves open what was meant",
    ),
    "a question alone": (OPEN, "The patient has chest pain.", "words that were not said"),
    "second person": (ARM, "Your left arm is weaker.", "not in the third person"),
    "first person": (ARM, "My left arm is weaker.", "not in the third person"),
    "a sex": (ARM, "She has a weaker left arm.", "a sex that was not said"),
    "nothing": (ARM, "The patient reports.", "no content"),
    "one word": (FELL, "Fell.", "no content"),
    "a gap": (ARM, "Left arm  weaker.", "a gap in the sentence"),
    "no to yes about the new stroke": (NEW, "This is a new stroke.", "a no that was lost"),
}  # fmt: skip


@pytest.mark.parametrize(("said", "sentence"), PASSES.values(), ids=PASSES)
def test_what_was_said_passes(said: Said, sentence: str) -> None:
    assert grounding.judge(sentence, turns(said), WORDS).reason == ""


@pytest.mark.parametrize(("said", "sentence", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_was_not_said_is_refused(said: Said, sentence: str, reason: str) -> None:
    verdict = grounding.judge(sentence, turns(said), WORDS)
    assert (verdict.supported, verdict.reason) == (False, reason)


LEAKS = {
    f"{template_id} {phase.value} {nth}": line
    for template_id in template.ids()
    for phase, prefix in template.load(template_id).prompts.items()
    for nth, example in enumerate(prefix.examples)
    for line in example.written.split("\n")
    if line != "NONE"
}


@pytest.mark.parametrize("line", LEAKS.values(), ids=LEAKS)
def test_a_leaked_example_is_refused(line: str) -> None:
    """Every sentence of our own worked examples must fail where it was not said."""
    body = line.partition(": ")[2] or line
    other: Said = ((P, "My appetite was poor on Tuesday."), (D, "Noted."))
    for sentence in body.split(". "):
        assert not grounding.judge(sentence, turns(other), WORDS).supported
