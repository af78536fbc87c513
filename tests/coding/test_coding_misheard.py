"""What speech recognition makes of the central terms is read as it was meant; its twins are not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scribe.coding import mentions
from scribe.coding.check import check
from scribe.coding.mentions import WEAKNESS
from scribe.coding.misheard import corrected
from scribe.coding.spoken_codes import spoken
from scribe.coding.tables import EDITIONS
from scribe.coding.text import fold, read
from scribe.coding.words import vocabulary
from scribe.ids import EncounterId
from scribe.records import CodedDiagnosis, Encounter, NoteText

# what was heard, what must be found in it, and something near to it in which that must not be found
HEARD = [
    ("Generalized week ness.", WEAKNESS, "Generalized rash for a week."),
    ("Left arm weekness.", WEAKNESS, "Left arm pain, in a week back."),
    ("Generalized weak nest.", WEAKNESS, "Found an empty nest."),
    ("Muscle week nest.", WEAKNESS, "Next week nest boxes."),
    ("Generalized weakens.", WEAKNESS, "This weakens the case."),
    ("Left sided weak nus.", WEAKNESS, "Left sided pain in the nose."),
    ("Mussel weakness.", WEAKNESS, "Ate a mussel last week."),
    ("As thenia.", WEAKNESS, "As then seen."),
    ("Right hemi paresis.", WEAKNESS, "Right hemi arthroplasty."),
    ("Left hemmy paresis.", WEAKNESS, "Left hemline uneven."),
    ("Left hemiparisis.", WEAKNESS, "Travelled to Paris."),
    ("Right hemi plegia.", WEAKNESS, "Right hemicolectomy."),
    ("Mono paresis of the left leg.", WEAKNESS, "Mononucleosis in the past."),
    ("Para paresis.", WEAKNESS, "Paracentesis done."),
    ("Mule tipple sclerosis.", "multiple-sclerosis", "The mule and the tipple."),
    ("Multiple sclera sis.", "multiple-sclerosis", "Multiple scleral lesions."),
    ("Multi pull sclerosis.", "multiple-sclerosis", "Systemic sclerosis."),
    ("Multiple scler osis.", "multiple-sclerosis", "Multiple scoliosis braces."),
    ("My asthenia gravis.", "myasthenia", "My asthma is grave."),
    ("Mya stania gravis.", "myasthenia", "Maya stayed."),
    ("My esthenia graves.", "myasthenia", "My aesthetician, Graves."),
    ("Amy o tropic lateral sclerosis.", "als", "Amy sat lateral to it."),
    ("Lou Garrick's disease.", "als", "Lou Garrick visits her."),
    ("Gillian barre syndrome.", "guillain-barre", "Gillian Barre, her nurse."),
    ("Gee on bar ray syndrome.", "guillain-barre", "Goes to the barre class."),
    ("Parking sons disease.", "parkinson", "Parking near her son's house."),
    ("Parkin sons disease.", "parkinson", "Her sons have no disease."),
    ("Muscular dis trophy.", "muscular-dystrophy", "Won a trophy."),
    ("Muscular this trophy.", "muscular-dystrophy", "Muscular; this trophy is hers."),
    ("Statin my opathy.", "myopathy", "Statin, my therapy."),
    ("Poly my o sitis.", "myopathy", "Polly, my sister."),
    ("Peripheral new opathy.", "neuropathy", "A new therapy."),
    ("Neuro pathy.", "neuropathy", "Neuro pathway."),
    ("Lumbar radical opathy.", "radiculopathy", "Radical therapy."),
    ("Ridiculopathy.", "radiculopathy", "Ridiculous path."),
    ("Cervical mile opathy.", "spinal-cord", "Walks a mile a day."),
    ("Cerebral vascular accident.", "stroke", "Car accident."),
    ("Trans is schemic attack.", "tia", "Asthma attack."),
    ("Bells policy.", "facial-palsy", "Insurance policy."),
    ("Sarco penia.", "sarcopenia", "Sarcoid."),
    ("Severe an emia.", "anemia", "Had an enema."),
    ("Anemea.", "anemia", "An enema."),
    ("High po kalemia.", "electrolyte", "High potency vitamin."),
    ("Hypo calimia.", "electrolyte", "Hypo alert on her meter."),
    ("Hypo natreemia.", "electrolyte", "Hyponychium."),
    ("High po thyroidism.", "thyroid", "High point of the day."),
    ("De bility.", "debility", "Ability to walk."),
    ("Fatique.", "fatigue", "Antique chair."),
    ("De conditioning.", "deconditioning", "Air conditioning."),
    ("Long covet.", "post-covid", "Much to covet."),
]


def kinds(text: str) -> set[str]:
    return {each.kind for each in mentions.find(read(NoteText(assessment=text)))}


@pytest.mark.parametrize(("heard", "kind", "twin"), HEARD, ids=[row[2] for row in HEARD])
def test_a_twin_is_not_taken_for_the_term(heard: str, kind: str, twin: str) -> None:
    assert kind not in kinds(twin)


@pytest.mark.parametrize(("heard", "kind", "twin"), HEARD, ids=[row[0] for row in HEARD])
def test_what_was_heard_is_the_term(heard: str, kind: str, twin: str) -> None:
    assert kind in kinds(heard)


def test_no_entry_of_the_table_is_left_untried() -> None:
    tried = " ".join(corrected(row[0], fold(row[0]))[0].lower() for row in HEARD)
    missing = [entry["said"] for entry in vocabulary("misheard")["heard"]]
    assert [said for said in missing if said not in tried] == []


def test_the_quote_is_what_was_written_and_the_code_what_was_meant() -> None:
    note = NoteText(assessment="Generalized  week ness due to my  asthenia gravis, seen today.")
    encounter = Encounter(id=EncounterId("e1"), date_of_service=EDITIONS[1].first)
    found = check(note, encounter, (CodedDiagnosis(code="R53.1", rank=1),))
    (finding,) = [each for each in found if each.rule_id == "R531-MYASTHENIA"]
    assert [each.text for each in finding.evidence] == ["week ness", "my  asthenia gravis"]
    for quote in finding.evidence:
        assert note.assessment[quote.start : quote.end] == quote.text
    assert finding.suggestions[0].code == "G70.00"


@settings(max_examples=100, deadline=None)
@given(
    parts=st.lists(
        st.sampled_from(
            ["week ness", "my asthenia gravis", "gee on barre syndrome", "fatique", "and", "weak",
             "stroke", "  ", "lou gerig's disease", "a nemia", "today.", "\n"]
        ),
        max_size=14,
    )
)  # fmt: skip
def test_every_quote_stands_where_it_says(parts: list[str]) -> None:
    note = NoteText(assessment=" ".join(parts))
    page = read(note)
    for each in mentions.find(page):
        quote = each.quote(page)
        assert 0 <= quote.start < quote.end <= len(note.assessment)
        assert note.assessment[quote.start : quote.end] == quote.text
        assert quote.text == quote.text.strip()


SPOKEN = [
    ("are fifty three point one", "R53.1"),
    ("our fifty three point one", "R53.1"),
    ("ar fifty three dot one", "R53.1"),
    ("code are fifty three point one", "R53.1"),
    ("coder fifty three point one", "R53.1"),
    ("em sixty two point eight one", "M62.81"),
    ("em sixty two point eighty one", "M62.81"),
    ("are fifty four", "R54"),
    ("gee seventy point zero zero", "G70.00"),
    ("jee seventy point oh oh", "G70.00"),
    ("you oh nine point nine", "U09.9"),
    ("ewe zero nine point nine", "U09.9"),
    ("eye sixty nine point three five four", "I69.354"),
    ("aye sixty nine point three five four", "I69.354"),
    ("en eighteen point four", "N18.4"),
    ("zee eighty six point seven three", "Z86.73"),
]
NOT_SPOKEN = [
    "our fifty three year old",
    "are you sixty two",
    "em dash sixty",
    "you are fifty four",
    "gee whiz",
    "eye pain for sixty nine days",
    "in eighteen weeks",
    "see you in nine days",
]


@pytest.mark.parametrize("text", NOT_SPOKEN)
def test_ordinary_words_and_numbers_are_no_code(text: str) -> None:
    assert spoken(text) == ""


@pytest.mark.parametrize(("text", "code"), SPOKEN)
def test_a_code_is_read_however_its_letter_was_heard(text: str, code: str) -> None:
    assert spoken(text) == code
