"""A visit of about two minutes, written for these tests: weakness of one side after an old stroke."""

from scribe.ids import ModelId, utterance_id
from scribe.records import Speaker, Transcript, Utterance

_C, _P = Speaker.CLINICIAN, Speaker.PATIENT
_WORDS_PER_SECOND = 2.5

LINES: tuple[tuple[Speaker, str], ...] = (
    (_C, "Good morning, come on in and have a seat. How was the traffic?"),
    (_P, "Oh, it was fine, thanks."),
    (_C, "So what brings you in today?"),
    (_P, "Well, my left arm has been getting weaker again, um, for about three weeks. I keep dropping my coffee cup."),
    (_C, "And you had the stroke back in 2019, is that right?"),
    (_P, "Yes, in March of 2019. The left side was weak after that, but it got a lot better with therapy."),
    (_C, "Any numbness or tingling in the arm?"),
    (_P, "No."),
    (_C, "Any new trouble with your speech or your vision?"),
    (_P, "No, nothing like that."),
    (_C, "Have you had any falls?"),
    (_P, "Yeah, I fell once, about ten days ago, in the kitchen. I didn't hit my head."),
    (_C, "Okay. And are you still taking the clopidogrel?"),
    (_P, "Yes, seventy five milligrams every morning. And the lisinopril, twenty milligrams."),
    (_C, "All right, let me take a look at you. Your blood pressure today is one thirty eight over eighty two, heart rate is 76."),
    (_C, "Squeeze my fingers. Okay. Strength in the left arm is four out of five, and the right arm is five out of five."),
    (_C, "Left leg is four plus out of five. Right leg is five out of five."),
    (_C, "Can you feel this the same on both sides?"),
    (_P, "Yes, it feels the same."),
    (_C, "Reflexes are brisk on the left. There's no facial droop. Your speech is clear."),
    (_C, "Go ahead and walk for me. You're dragging the left foot a little bit."),
    (_C, "I reviewed your CT from last week. It shows the old infarct on the right side and no new bleeding."),
    (_C, "So I think this is weakness on the left side from the old stroke, and I don't think it is a new stroke."),
    (_C, "I'm going to refer you to physical therapy twice a week for six weeks, and occupational therapy for the hand."),
    (_C, "Keep taking the clopidogrel and the lisinopril at the same dose."),
    (_C, "I'd like to get an MRI of the brain."),
    (_C, "If you notice new weakness or your face droops, call 911 right away."),
    (_P, "Okay, I will."),
    (_C, "And I'll see you back in four weeks. Any questions?"),
    (_P, "No, I think I'm good. Thank you."),
    (_C, "Diagnosis number one, left-sided weakness after stroke, I 69.354. Diagnosis number two, weakness, R 53.1."),
    (_C, "Diagnosis number three, hypertension, I10."),
)  # fmt: skip


def transcript(
    lines: tuple[tuple[Speaker, str], ...] = LINES, *, speakers: bool = True
) -> Transcript:
    """The lines as a transcript with even timing; without `speakers` all are unknown."""
    utterances: list[Utterance] = []
    at = 0.0
    for number, (speaker, text) in enumerate(lines, start=1):
        long = len(text.split()) / _WORDS_PER_SECOND
        utterances.append(
            Utterance(
                id=utterance_id(number),
                speaker=speaker if speakers else Speaker.UNKNOWN,
                start=at,
                end=at + long,
                text=text,
            )
        )
        at += long + 0.3
    return Transcript(utterances=tuple(utterances), model_id=ModelId("hand"), seconds=at)
