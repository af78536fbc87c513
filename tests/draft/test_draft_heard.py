"""The note of recognised speech, row by row: what must stay out, what must not be turned round, and
where things stand. Every row goes through the whole drafter, by rules alone and with a model that
writes nothing, so that both ways give the same.
"""

import pytest

from scribe.draft import answers, grounding, lexicon, template, write
from scribe.draft.chunks import Chunker
from scribe.fakes import FakeWriter
from scribe.ids import ModelId, TemplateId
from scribe.records import Completion, Draft, Prompt, Section, Speaker, Statement
from tests.draft.test_draft_grounding import turns
from tests.draft.visit import Lines, transcript

SOAP = template.load(TemplateId("soap"))
WORDS = lexicon.load()
D, P = Speaker.CLINICIAN, Speaker.PATIENT
SUBJ, OBJ, A, L = Section.SUBJECTIVE, Section.OBJECTIVE, Section.ASSESSMENT, Section.PLAN


def drafted(lines: Lines) -> Draft:
    """The note by rules, after checking that a silent model does not change it."""
    by_rules = write.draft(transcript(lines), SOAP, None)
    assert write.draft(transcript(lines), SOAP, FakeWriter()).statements == by_rules.statements
    return by_rules


def texts(lines: Lines) -> list[str]:
    return [each.text for each in drafted(lines).statements]


def lines_of(*said: str) -> Lines:
    """ "D: ..." and "P: ..." as lines."""
    return tuple((D if each[0] == "D" else P, each[3:]) for each in said)


EXAMINED = ("D: Let me examine you now.", "D: Strength in the left arm is 4 out of 5.")
LISTED = "Any new numbness, trouble speaking, double vision, or headache."
NEVER_WRITTEN = {
    "a question nobody answered": (("D: " + LISTED, "D: Let me examine you now."), "numbness"),
    "a question answered by a question": (
        ("D: Any numbness or tingling.", "P: Do you think it is my neck?"), "numbness",
    ),
    "a greeting": (("D: Good morning, Rosa.", "P: Hello, doctor."), "morning"),
    "thanks": (("D: Take the aspirin daily.", "P: Okay, I will do that. Thank you."), "hank"),
    "a relief": (("D: Your lungs are clear.", "P: That is a relief."), "relief"),
    "a no that is repeated": (("D: Any numbness?", "P: No.", "P: Nothing like that."), "Nothing"),
    "whether one is ready": (("D: Are you ready to begin?", "P: Yes, I am."), "ready"),
}  # fmt: skip


@pytest.mark.parametrize(("said", "word"), NEVER_WRITTEN.values(), ids=NEVER_WRITTEN)
def test_what_nobody_stated_is_not_written(said: tuple[str, ...], word: str) -> None:
    assert not [each for each in texts(lines_of(*said)) if word in each]


WRITTEN = {
    "only what is named is denied": (
        ("D: Any numbness or tingling?", "P: No numbness."), ["The patient denies numbness."],
    ),
    "two questions, one answer that may mean either": (
        ("D: Are you taking the metformin, any issues?", "P: No."),
        ["Asked “Are you taking the metformin, any issues?”, the patient answered “No”."],
    ),
    "no to one of two that belong together": (
        ("D: Are you eating and sleeping well?", "P: No."),
        ["Asked “Are you eating and sleeping well?”, the patient answered “No”."],
    ),
    "a question that says no": (
        ("D: You don't smoke, do you?", "P: No."),
        ["Asked “You don't smoke, do you?”, the patient answered “No”."],
    ),
    "an answer that hangs on its medicine": (
        ("D: Are you taking the metoprolol?", "P: I ran out last week."),
        ["Asked “Are you taking the metoprolol?”, the patient answered “I ran out last week”."],
    ),
    "a no that is repeated": (
        ("D: Are you allergic to anything?", "P: No, not that I know of."),
        ["The patient is not allergic to anything."],
    ),
    "a listed question that is denied": (
        ("D: " + LISTED, "P: No, nothing like that."),
        ["The patient denies new numbness, trouble speaking, double vision, or headache."],
    ),
    "two questions that are both denied": (
        ("D: Any fever? Any chills?", "P: No."), ["The patient denies fever or chills."],
    ),
    "a denial that goes on": (
        ("D: " + LISTED, "P: No.", "P: and no chest pain or shortness of breath either."),
        ["The patient denies new numbness, trouble speaking, double vision, or headache.",
         "The patient denies chest pain or shortness of breath."],
    ),
    "no falls, and nearly one": (
        ("D: Have you had any falls?", "P: No falls.", "P: I almost fell once last month."),
        ["The patient denies falls.", "The patient almost fell once last month."],
    ),
    "a plain yes": (
        ("D: Do you still take the aspirin?", "P: Yes."),
        ["The patient still takes the aspirin."],
    ),
    "a plain no": (
        ("D: Do you still take the aspirin?", "P: No."),
        ["The patient does not take the aspirin."],
    ),
    "never": (
        ("D: Have you ever smoked?", "P: No, never."), ["The patient has never smoked."],
    ),
    "one of two": (
        ("D: Are you right-handed or left-handed?", "P: I am right-handed."),
        ["The patient is right-handed."],
    ),
    "it, and the question says what": (
        ("D: Is it getting worse or has it stayed the same?", "P: It has stayed the same."),
        ["It has stayed the same."],
    ),
    "a name": (
        ("D: Are you allergic to anything?", "P: only to penicillin."),
        ["The patient is allergic only to penicillin."],
    ),
    "an open question": (
        ("D: How often do you take it?", "P: Twice a day."),
        ["How often the patient takes it: twice a day."],
    ),
    "a question of its own subject": (
        ("D: What gives you the most trouble?", "P: The leg mostly."),
        ["What gives the patient the most trouble: the leg mostly."],
    ),
    "the patient asks": (
        (*EXAMINED, "P: Did I have another stroke?",
         "D: No, I see no sign of a new stroke today."),
        ["Strength in the left arm is 4/5.", "No sign of a new stroke today."],
    ),
    "the patient asks and hears only no": (
        (*EXAMINED, "P: Did I have another stroke?", "D: No."),
        ["Strength in the left arm is 4/5.",
         "Asked “Did I have another stroke?”, the clinician answered “No”."],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("said", "expected"), WRITTEN.values(), ids=WRITTEN)
def test_questions_and_answers(said: tuple[str, ...], expected: list[str]) -> None:
    found = [each.text for each in drafted(lines_of(*said)).statements]
    assert found == expected


PLACED = {
    "a finding that is stable": (EXAMINED, "D: Your gait is stable.", OBJ, "Gait"),
    "a pressure": (EXAMINED, "D: Your blood pressure is 132 over 78.", OBJ, "Vitals"),
    "a cause in the history": (
        ("D: What brings you in?",), "P: It is due to my bad knee, I think.", SUBJ, "History",
    ),
    "a medicine that helped once": (
        ("D: What brings you in?",), "P: I took ibuprofen and it helped.", SUBJ, "History",
    ),
    "an assessment": (
        EXAMINED, "D: My assessment is that the weakness is left over from the old stroke.",
        A, "Reasoning",
    ),
    "a condition that is controlled": (
        EXAMINED, "D: Your high blood pressure is well controlled.", A, "Reasoning",
    ),
    "a cause": (
        EXAMINED, "D: It is due to the cerebral infarction two years ago.", A, "Reasoning",
    ),
    "the past in an exam": (
        EXAMINED, "D: You had a cerebral infarction two years ago.", SUBJ, "History",
    ),
    "a medicine": (
        ("D: Which medicines do you take?", "P: I take aspirin 81 milligrams once a day."),
        "P: and metoprolol 50 milligrams twice a day.", SUBJ, "Medications",
    ),
    "a medicine nobody knows, with its dose": (
        ("D: Which medicines do you take?", "P: I take aspirin 81 milligrams once a day."),
        "P: and semvastatin 40 milligrams at night.", SUBJ, "Medications",
    ),
    "a therapy of the past": (
        EXAMINED, "D: I'd like to order an MRI, and you had radiation therapy.", L, "Tests",
    ),
    "a diagnosis": (
        EXAMINED, "D: Looking at the x-ray, the diagnosis would be tennis elbow.", A, "Reasoning",
    ),
    "what an allergy does": (
        ("D: Are you allergic to anything?", "P: only to penicillin."),
        "P: It gives me a rash.", SUBJ, "Allergies",
    ),
    "exercise at home": (
        (*EXAMINED, "D: Here's the plan.", "D: I am sending you to physical therapy twice a week."),
        "D: At home, stand up from a chair 10 times every day.", L, "Home program",
    ),
    "exercise that goes on": (
        (*EXAMINED, "D: Here's the plan.", "D: At home, stand up from a chair 10 times every day."),
        "D: and climb the stairs slowly 10 times.", L, "Home program",
    ),
    "exercise without a number": (
        (*EXAMINED, "D: Here's the plan.", "D: I'd like to order an MRI of the brain."),
        "D: Stand up slowly from a low chair every morning.", L, "Home program",
    ),
    "a start that is no look": (
        (*EXAMINED, "D: Here's the plan.", "D: I'd like to order an MRI of the brain."),
        "D: Let's start metformin with your breakfast.", L, "Treatment",
    ),
    "a medicine behind have you": (
        (*EXAMINED, "D: Here's the plan.", "D: I'd like to order an MRI of the brain."),
        "D: Have you continue your aspirin 81 mg daily.", L, "Treatment",
    ),
    "when to call": (
        (*EXAMINED, "D: Here's the plan.", "D: I'd like to order an MRI of the brain."),
        "D: Call 911 right away if you notice new weakness.", L, "Return precautions",
    ),
    "when to come again": (
        (*EXAMINED, "D: Here's the plan.", "D: I'd like to order an MRI of the brain."),
        "D: I want to see you again in six weeks.", L, "Follow-up",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "said", "section", "heading"), PLACED.values(), ids=PLACED)
def test_everything_stands_where_it_belongs(
    before: tuple[str, ...], said: str, section: Section, heading: str
) -> None:
    statements = drafted(lines_of(*before, said)).statements
    last = [each for each in statements if f"u{len(before) + 1}" in each.evidence]
    assert {(each.section, each.heading) for each in last} == {(section, heading)}


def test_an_assessment_may_go_on_and_the_exam_too() -> None:
    statements = drafted(
        lines_of(
            *EXAMINED,
            "D: I think this is from the stroke. It is still the same.",
            "D: Strength in the left leg is 3 out of 5.",
        )
    ).statements
    where = {each.text: each.section for each in statements}
    assert [where[text] for text in where if "3/5" in text] == [OBJ]
    assert [where[text] for text in where if "stroke" in text] == [A]


def test_a_reason_for_the_visit_is_the_chief_complaint() -> None:
    statements = drafted(
        lines_of("D: Good morning, you are here today because of weakness. Tell me about it.")
    ).statements
    assert [(each.heading, each.text) for each in statements] == [
        ("Chief complaint", "Weakness."),
        ("History", "The patient is here today because of weakness."),
    ]


class Scripted:
    """A model that answers with a line for every source text that holds the key."""

    model_id = ModelId("scripted")

    def __init__(self, answers_to: dict[str, str]) -> None:
        self._answers = answers_to

    def write(self, prompt: Prompt) -> Completion:
        """All answers whose key occurs in the source."""
        found = [text for key, text in self._answers.items() if key in prompt.user]
        return Completion(text="\n".join(found) or "NONE")

    def close(self) -> None:
        """Nothing to close."""


MEDICINES = lines_of(
    "D: Which medicines do you take?",
    "P: I take aspirin 81 milligrams once a day.",
    "P: and metoprolol 50 milligrams twice a day.",
    "P: and simvastatin 40 milligrams at night.",
)


def statements_of(lines: Lines, answers_to: dict[str, str]) -> tuple[Statement, ...]:
    return write.draft(transcript(lines), SOAP, Scripted(answers_to)).statements


@pytest.mark.parametrize("first", ["aspirin 81", "metoprolol 50", "simvastatin 40"])
def test_statements_stand_in_the_order_of_speech(first: str) -> None:
    """Whichever of them the model wrote and whichever came back by rule."""
    written = {"Which medicines": f"The patient takes {first} mg."}
    found = [each.text for each in statements_of(MEDICINES, written)]
    order = [next(i for i, text in enumerate(found) if d in text.lower())
             for d in ("aspirin", "metoprolol", "simvastatin")]  # fmt: skip
    assert order == sorted(order)


THERAPY = lines_of(
    *EXAMINED,
    "D: Here's the plan.",
    "D: I am sending you to physical therapy twice a week for six weeks, for strength, balance, "
    "and walking.",
)
REPEATS = {
    "other sides are no repetition": (
        lines_of(*EXAMINED, "D: Left arm strength is 4/5. Right arm strength is 5/5."),
        {"Left arm": "Left arm strength 4/5.\nRight arm strength 5/5."}, 2, "arm",
    ),
    "a no is no repetition of a yes": (
        lines_of("D: What brings you in?", "P: My arm is numb, but I have no pain in the arm."),
        {"numb": "The patient's arm is numb.\nNo pain in the arm."}, 2, "arm",
    ),
    "a part of another line": (
        THERAPY, {"physical": "• Referrals: Physical therapy twice a week for 6 weeks.\n"
                              "• Treatment: Physical therapy."}, 1, "Physical therapy",
    ),
    "a list of what stands one by one": (
        MEDICINES, {"Which": "The patient takes aspirin, metoprolol, and simvastatin."},
        1, "metoprolol",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "model", "times", "word"), REPEATS.values(), ids=REPEATS)
def test_nothing_stands_twice(lines: Lines, model: dict[str, str], times: int, word: str) -> None:
    found = [each.text for each in statements_of(lines, model)]
    assert sum(word.lower() in text.lower() for text in found) == times, found


def test_a_purpose_that_was_torn_off_joins_its_line() -> None:
    model = {
        "physical": "• Referrals: Physical therapy twice a week for 6 weeks.\n"
        "• Tests: Strength, balance, and walking."
    }
    found = [(e.heading, e.text) for e in statements_of(THERAPY, model) if e.section is L]
    assert found == [
        (
            "Referrals",
            "Physical therapy twice a week for 6 weeks, for strength, balance, and walking.",
        )
    ]


def test_a_cause_that_the_model_drops_comes_back() -> None:
    lines = lines_of(*EXAMINED, "D: The weakness of your left arm is left over from the stroke.")
    found = statements_of(lines, {"left over": "Problem: Weakness of the left arm."})
    assert [each.text for each in found if each.section is A] == [
        "Weakness of the left arm.",
        "The weakness of the patient's left arm is left over from the stroke.",
    ]


SURE = lines_of("D: It is due to the stroke two years ago.")
THOUGHT = lines_of("D: I think this is from the stroke.")
UNSURE = lines_of("D: This might be a small new stroke.")
RASH = lines_of("D: Are you allergic to anything?", "P: To penicillin.", "P: It gives me a rash.")
JUDGED = {
    "no doubt kept so": (SURE, "Due to the stroke 2 years ago.", ""),
    "a thought": (THOUGHT, "Likely from the stroke.", ""),
    "a doubt kept": (UNSURE, "Possible small new stroke.", ""),
    "an allergy with what it does": (RASH, "The patient is allergic to penicillin, a rash.", ""),
    "a doubt added": (SURE, "Likely due to the stroke 2 years ago.", "a doubt that was not said"),
    "a doubt taken away": (UNSURE, "Small new stroke.", "a doubt that was lost"),
    "an effect as a complaint": (RASH, "The patient has a rash.", "a cause that was lost"),
    "a question": (
        lines_of("D: Any new numbness or headache.", "P: Yes."), "Any new numbness or headache.",
        "a question, not a statement",
    ),
    "an unanswered question": (
        lines_of("D: Any new numbness or headache.", "D: Look at me."), "Numbness and headache.",
        "words that were not said",
    ),
    "a no in doubt": (
        lines_of("D: Are you pregnant?", "P: No, I don't think so."),
        "The patient is not pregnant.",
        "the answer leaves open what was meant",
    ),
    "an answer turned round": (
        lines_of("D: Do you check your pressure at home?", "P: I do, every day."),
        "The patient does not check their pressure.", "a no that was not said",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "sentence", "reason"), JUDGED.values(), ids=JUDGED)
def test_the_gate(lines: Lines, sentence: str, reason: str) -> None:
    assert grounding.judge(sentence, turns(lines), WORDS).reason == reason


LONG = "I have had it since the spring when we moved and I carried all the boxes up the stairs "
CUT = {
    "a long question": lines_of(
        "P: " + LONG + "and down.", "D: Have you had any trouble with walking on uneven ground, or "
        "with stairs, or with getting up from a low chair in the morning?", "P: Only the chair.",
    ),
    "a question without its mark": lines_of(
        "P: " + LONG + "and down again and again until it hurt.", "D: Any new numbness.", "P: No.",
    ),
    "another phase": lines_of(
        *EXAMINED, "D: Have you had any allergy to contrast?", "P: No.", "D: I'll order an MRI.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("lines", CUT.values(), ids=CUT)
def test_a_question_is_never_cut_from_its_answer(lines: Lines) -> None:
    chunker = Chunker()
    done = [chunk for each in turns(lines) for chunk in chunker.add(each)]
    found = [*done, *chunker.flush()]
    assert any(each.answers for chunk in found for each in chunk.turns)
    for chunk in found:
        assert not chunk.turns[0].answers
        assert not chunk.turns[-1].asks


class Leaky:
    """A model that answers every question with all its worked examples."""

    model_id = ModelId("leaky")

    def write(self, prompt: Prompt) -> Completion:
        """The examples' answers, nothing of the source."""
        return Completion(text="\n".join(written for _, written in prompt.examples))

    def close(self) -> None:
        """Nothing to close."""


@pytest.mark.parametrize(
    "lines",
    [MEDICINES, THERAPY, RASH, lines_of(*EXAMINED)],
    ids=["medicines", "plan", "rash", "ex"],
)
def test_examples_never_leak_into_a_note(lines: Lines) -> None:
    leaked = write.draft(transcript(lines), SOAP, Leaky())
    clean = write.draft(transcript(lines), SOAP, None)
    assert [each.text for each in leaked.statements] == [each.text for each in clean.statements]


REPEATED = {
    "a no that is taken back": ("Any numbness?", "No, I do have numbness.", False),
    "a no for a time": ("Any falls?", "No falls before.", False),
    "a no with an exception": ("Any falls?", "No, but I had falls.", False),
    "a no to less": ("Any numbness or tingling?", "No numbness.", False),
    "a no to more": ("Any falls?", "No falls or dizziness.", False),
    "a yes with news": ("Any falls?", "Yes, in March.", False),
    "a no": ("Any falls?", "No.", True),
    "the same words": ("Have you had any falls?", "No falls.", True),
    "a clause": ("Have you had any falls?", "No, I haven't had any falls.", True),
    "an idle tail": ("Any falls?", "No, nothing like that.", True),
}


@pytest.mark.parametrize(("question", "reply", "same"), REPEATED.values(), ids=REPEATED)
def test_only_a_reply_without_news_repeats(question: str, reply: str, same: bool) -> None:
    assert answers.repeats(question, reply, WORDS) is same


COURTESIES = {
    "a side": ("Right leg weaker?", "Yes.", False),
    "what makes it worse": ("Does that make it worse?", "Yes.", False),
    "able to walk": ("Are you okay to walk alone?", "Yes.", False),
    "not ready": ("Are you ready?", "No.", False),
    "a no to a tag": ("Is that right?", "No.", False),
    "a yes with news": ("Is that right?", "Yes, but only the arm.", False),
    "ready": ("Are you ready to begin?", "Yes.", True),
    "a tag": ("Is that right?", "Yes.", True),
    "a plan agreed": ("Does that sound good?", "Yes.", True),
}


@pytest.mark.parametrize(("question", "reply", "idle"), COURTESIES.values(), ids=COURTESIES)
def test_only_courtesies_go_unwritten(question: str, reply: str, idle: bool) -> None:
    assert answers.is_courtesy(question, reply, WORDS) is idle
