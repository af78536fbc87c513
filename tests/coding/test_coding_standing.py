"""What stands behind a disease and changes its standing: doubt, denial, a relative, recovery."""

import pytest

from scribe.coding import elements, mentions
from scribe.coding.check import check
from scribe.coding.mentions import WEAKNESS
from scribe.coding.status import Status
from scribe.coding.tables import EDITIONS
from scribe.coding.text import read
from scribe.ids import EncounterId
from scribe.records import CodedDiagnosis, Encounter, NoteText, Severity


def standings(text: str, kind: str) -> list[Status]:
    found = mentions.find(read(NoteText(assessment=text)))
    return [each.status for each in found if each.kind == kind]


STILL_THERE = [
    "MS is unlikely to improve.",
    "MS unlikely to be the cause of her rash.",
    "MS is likely to progress.",
    "MS is less likely to relapse on this treatment.",
    "MS less active this year.",
    "MS is not likely to be in relapse.",
    "MS not suspected to be active.",
    "MS is doubtful to respond.",
    "MS confirmed; a relapse is unlikely.",
    "MS with an unlikely relapse.",
    "MS is established, stroke is unlikely.",
    "MS in her 40s.",
    "MS in her legs.",
    "MS diagnosed in 2010.",
    "MS in 2010, now progressive.",
    "MS - mother present today.",
    "MS; her mother is with her.",
    "MS, lives with her mother.",
    "MS, husband helps at home.",
    "MS in her mother's words is stable.",
    "MS not well controlled.",
    "MS is not improving.",
    "MS has not been treated.",
    "MS not excluded from the trial.",
    "MS is considered stable.",
    "MS is questionable in control.",
    "MS is under evaluation for a new treatment.",
    "MS is the diagnosis.",
    "MS has been confirmed.",
    "MS is confirmed by neurology.",
    "MS possible relapse.",
    "MS, likely relapse.",
    "MS affects her mother's plans.",
    "MS not established with neurology yet.",
    "MS not seen by neurology for two years.",
    "MS, denied by the insurer for infusion.",
]


@pytest.mark.parametrize("text", STILL_THERE)
def test_a_disease_that_is_there_stays_there(text: str) -> None:
    assert standings(text, "multiple-sclerosis") == [Status.ESTABLISHED]


@pytest.mark.parametrize(
    "text",
    [
        "Weakness is unlikely to improve.",
        "Weakness, likely multifactorial.",
        "Weakness is likely due to anemia.",
        "Weakness unlikely due to stroke.",
        "Weakness under evaluation.",
        "Weakness work-up pending.",
        "Weakness is being evaluated.",
        "Generalized weakness, cause not identified.",
        "Weakness not explained.",
        "Weakness, unclear etiology.",
        "Weakness noticed by her mother.",
        "Weak, mother reports.",
        "Weakness affects her sister's wedding plans.",
    ],
)
def test_weakness_is_there_while_its_cause_is_open(text: str) -> None:
    assert standings(text, WEAKNESS) == [Status.ESTABLISHED]


DOUBTED = [
    "MS is unlikely.",
    "MS unlikely.",
    "MS is less likely.",
    "MS is very unlikely.",
    "MS is thought unlikely.",
    "MS is felt to be unlikely.",
    "MS, which is thought unlikely, was discussed.",
    "MS thought improbable.",
    "MS is improbable.",
    "MS is doubtful.",
    "MS seems doubtful at this point.",
    "MS is doubted.",
    "MS is not likely.",
    "MS does not appear likely.",
    "MS was considered but is unlikely.",
    "MS less likely given normal MRI.",
    "MS highly unlikely with a normal MRI.",
    "MS is felt to be less likely than neuropathy.",
    "MS is a remote possibility.",
    "MS remains a possibility.",
    "MS is a consideration.",
    "MS is not excluded.",
    "MS has not yet been ruled out.",
    "MS cannot be confirmed.",
    "MS to be confirmed.",
    "MS in the differential diagnosis.",
    "MS is questioned.",
    "MS is equivocal.",
    "MS unproven.",
    "MS is under consideration.",
    "MS being worked up.",
    "MS work-up pending.",
    "MS is favored.",
    "Less likely MS.",
    "In favor of MS.",
]


@pytest.mark.parametrize("text", DOUBTED)
def test_doubt_behind_a_disease(text: str) -> None:
    assert standings(text, "multiple-sclerosis") == [Status.UNCERTAIN]


DENIED = [
    "MS was ruled out.",
    "MS is now ruled out by MRI.",
    "MS effectively ruled out.",
    "MS has been essentially excluded.",
    "MS is not suspected.",
    "MS is not the diagnosis.",
    "MS not supported by imaging.",
    "MS not established.",
    "MS is not yet diagnosed.",
    "MS is felt not to be present.",
    "MS was never confirmed.",
    "MRI argues against MS.",
    "Findings inconsistent with MS.",
]


@pytest.mark.parametrize("text", DENIED)
def test_denial_behind_a_disease(text: str) -> None:
    assert standings(text, "multiple-sclerosis") == [Status.NEGATED]


OTHERS = [
    ("MS in her mother.", Status.FAMILY),
    ("MS in mother.", Status.FAMILY),
    ("MS in both of her sisters.", Status.FAMILY),
    ("MS in a cousin.", Status.FAMILY),
    ("MS (mother).", Status.FAMILY),
    ("MS - maternal uncle.", Status.FAMILY),
    ("MS on her mother's side.", Status.FAMILY),
    ("MS on the maternal side.", Status.FAMILY),
    ("MS affected her sister.", Status.FAMILY),
    ("MS was her mother's diagnosis.", Status.FAMILY),
    ("MS runs in the family.", Status.FAMILY),
    ("MS in her husband.", Status.OTHER_PERSON),
    ("MS of her roommate.", Status.OTHER_PERSON),
    ("MS is her husband's diagnosis.", Status.OTHER_PERSON),
]


@pytest.mark.parametrize(("text", "status"), OTHERS)
def test_another_person_behind_a_disease(text: str, status: Status) -> None:
    assert standings(text, "multiple-sclerosis") == [status]


@pytest.mark.parametrize(
    "text",
    [
        "Guillain-Barre in 2010, resolved.",
        "Guillain-Barre syndrome in 2010, fully recovered.",
        "Guillain-Barre in 2010 with full recovery.",
        "Guillain-Barre in 2010; recovered completely.",
    ],
)
def test_recovery_behind_a_disease(text: str) -> None:
    assert standings(text, "guillain-barre") == [Status.HISTORICAL]


def blocks(assessment: str) -> list[str]:
    day = EDITIONS[1].first
    claim = (CodedDiagnosis(code="R53.1", rank=1),)
    note = NoteText(
        subjective="Weak for three weeks.", objective="Strength 4/5.", assessment=assessment
    )
    found = check(note, Encounter(id=EncounterId("e1"), date_of_service=day), claim)
    return [each.rule_id for each in found if each.severity is Severity.BLOCK]


@pytest.mark.parametrize(
    "text",
    [
        "Generalized weakness. Acute stroke is unlikely.",
        "Left arm weakness. Stroke felt to be very unlikely.",
        "Generalized weakness due to MS is thought improbable.",
        "Generalized weakness from MS is doubtful.",
        "Weakness; MS in her mother.",
        "Generalized weakness, ALS not thought to be the cause.",
        "Generalized weakness. Guillain-Barre in 2010, fully recovered.",
    ],
)
def test_what_is_doubted_or_another_persons_blocks_nothing(text: str) -> None:
    assert blocks(text) == []


def fired(note: NoteText, *codes: str) -> list[str]:
    claim = tuple(CodedDiagnosis(code=code, rank=rank) for rank, code in enumerate(codes, 1))
    day = EDITIONS[1].first
    return [
        each.rule_id
        for each in check(note, Encounter(id=EncounterId("e1"), date_of_service=day), claim)
    ]


@pytest.mark.parametrize(
    ("objective", "asked"),
    [
        ("Strength 4/5. No weakness due to neuropathy was found.", False),
        ("Strength 4/5. No weakness from her neuropathy.", False),
        ("Strength 4/5. Known neuropathy.", True),
        ("Strength 4/5. No change in her known neuropathy.", True),
    ],
)
def test_a_denied_tie_is_not_asked_about(objective: str, asked: bool) -> None:
    note = NoteText(
        subjective="Weak for three weeks.",
        objective=objective,
        assessment="Generalized weakness.",
        plan="CBC.",
    )
    assert ("R531-CAUSE-QUERY" in fired(note, "R53.1")) is asked


def test_a_denied_tie_elsewhere_does_not_undo_a_stated_one() -> None:
    note = NoteText(
        objective="Arms strong, no weakness due to neuropathy there. Legs 4/5.",
        assessment="Leg weakness due to peripheral neuropathy.",
    )
    assert "R531-NEUROPATHY" in fired(note, "R53.1")


@pytest.mark.parametrize(
    ("text", "blocked"),
    [
        ("TIA with right arm weakness that has resolved.", False),
        ("TIA today, symptoms resolved.", False),
        ("TIA, resolved in the emergency room this morning.", False),
        ("History of TIA.", True),
        ("TIA in 2019, resolved.", True),
        ("TIA two years ago, resolved.", True),
        ("Previous TIA, resolved.", True),
    ],
)
def test_an_attack_that_ended_today_is_not_yet_history(text: str, blocked: bool) -> None:
    assert ("GEN-NEGATED-CODED" in fired(NoteText(assessment=text), "G45.9")) is blocked


@pytest.mark.parametrize(
    ("text", "part", "held"),
    [
        ("Mother has diabetes.", "history", False),
        ("Family history of glaucoma.", "history", False),
        ("Her husband has cancer.", "history", False),
        ("Known diabetes.", "history", True),
        ("Denies diabetes.", "history", True),
        ("Daughter reports hypertension.", "history", True),
        ("No chest pain.", "associated", False),
        ("No rash, no cough.", "associated", False),
        ("Cough for a week.", "associated", True),
        ("No fever, no numbness.", "associated", True),
        ("Denies pain.", "associated", True),
    ],
)
def test_a_part_of_the_note_is_the_patients_and_goes_with_weakness(
    text: str, part: str, held: bool
) -> None:
    assert (part in elements.present(read(NoteText(subjective=text)))) is held
