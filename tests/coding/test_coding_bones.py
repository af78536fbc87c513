"""The side of a bone in a code against the side of the same bone in the note."""

import pytest

from scribe.coding import sides
from scribe.coding.check import check
from scribe.coding.deficits import Side
from scribe.coding.tables import EDITIONS, nearest_table
from scribe.ids import EncounterId
from scribe.records import CodedDiagnosis, Encounter, NoteText

DAY = EDITIONS[1].first
RIGHT = {
    "S42.001A": "clavicle",
    "S42.101A": "scapula",
    "S42.201A": "humerus",
    "S52.021A": "olecranon",
    "S52.501A": "radius",
    "S52.201A": "ulna",
    "S72.001A": "femur",
    "S82.001A": "patella",
    "S82.101A": "tibia",
    "S82.401A": "fibula",
    "S82.61XA": "malleolus",
    "S92.001A": "calcaneus",
    "S92.101A": "talus",
    "S92.301A": "metatarsal",
    "S32.401A": "acetabulum",
    "S22.31XA": "rib",
}
"""Codes of fractures on the right, and the part of the body that is read from their titles."""


def conflicts(code: str, **note: str) -> list[str]:
    encounter = Encounter(id=EncounterId("e1"), date_of_service=DAY)
    found = check(NoteText(**note), encounter, (CodedDiagnosis(code=code, rank=1),))
    return [
        suggestion.code
        for each in found
        if each.rule_id == "GEN-LATERALITY-CONFLICT"
        for suggestion in each.suggestions
    ] or [each.rule_id for each in found if each.rule_id == "GEN-LATERALITY-CONFLICT"]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("S52.501A", "Right distal radius fracture."),
        ("S52.501A", "Distal radius fracture."),
        ("S52.501A", "Right distal radius fracture; left distal radius normal."),
        ("S52.501A", "Fractures of both distal radius ends."),
        ("S52.501A", "Left radial pulse normal, right distal radius fracture."),
        ("S52.501A", "Left radial nerve palsy in 2010."),
        ("S72.001A", "Right femoral neck fracture, left femoral pulse weak."),
        ("S72.001A", "Right hip fracture; left knee pain."),
        ("S82.101A", "Right tibial plateau fracture, left posterior tibial pulse absent."),
        ("S22.31XA", "Right rib fracture. Pain under the left breast."),
        ("S42.001A", "No fracture of the left clavicle. Right clavicle fracture."),
        ("S82.001A", "Possible left patella fracture."),
        ("S82.001A", "History of left patella fracture. Right patella fracture."),
    ],
)
def test_the_side_of_a_bone_that_is_no_conflict(code: str, text: str) -> None:
    assert conflicts(code, assessment=text) == []


@pytest.mark.parametrize(
    ("code", "text", "right_one"),
    [
        ("S52.501A", "Left distal radius fracture.", "S52.502A"),
        ("S52.501A", "Fracture of the left radius.", "S52.502A"),
        ("S42.201A", "Left proximal humerus fracture.", "S42.202A"),
        ("S42.001A", "Left collarbone fracture.", "S42.002A"),
        ("S72.001A", "Left femoral neck fracture.", "S72.002A"),
        ("S72.002D", "Right femur fracture, healing.", "S72.001D"),
        ("S82.001A", "Left kneecap fracture.", "S82.002A"),
        ("S82.101A", "Left tibial plateau fracture.", "S82.102A"),
        ("S82.401A", "Left fibula fracture.", "S82.402A"),
        ("S92.001A", "Left calcaneus fracture.", "S92.002A"),
        ("S22.31XA", "Left rib fracture.", "S22.32XA"),
    ],
)
def test_the_other_side_is_a_conflict_and_its_code_is_offered(
    code: str, text: str, right_one: str
) -> None:
    assert conflicts(code, assessment=text) == [right_one]


@pytest.mark.parametrize("code", RIGHT)
def test_the_bone_is_read_from_the_title(code: str) -> None:
    title = nearest_table(DAY).title(code)
    assert sides.side_of(title) is Side.RIGHT
    assert sides.region_of(title) == RIGHT[code], title


def test_no_bone_of_a_limb_is_left_without_a_name() -> None:
    table = nearest_table(DAY)
    nameless = [
        code
        for stem in ("S42", "S52", "S72", "S82", "S92")
        for code in table.leaves(stem)
        if sides.side_of(table.title(code)) and not sides.region_of(table.title(code))
    ]
    assert nameless == []
