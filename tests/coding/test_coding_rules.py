"""The rule cards, the list of rules, and what the door promises for any input."""

import importlib
import pkgutil
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scribe.coding import rules, suppression
from scribe.coding.check import check, edition
from scribe.coding.rule import Rule
from scribe.coding.rules import RULES
from scribe.coding.rules.excludes1 import excluding_note
from scribe.coding.tables import tables_for
from scribe.ids import EncounterId
from scribe.records import (
    CodedDiagnosis,
    Encounter,
    Finding,
    NoteText,
    Severity,
)

DAY = date(2026, 3, 2)


def claim(*codes: str) -> tuple[CodedDiagnosis, ...]:
    return tuple(CodedDiagnosis(code=code, rank=rank) for rank, code in enumerate(codes, 1))


def findings(*codes: str, day: date = DAY, note: NoteText | None = None) -> tuple[Finding, ...]:
    encounter = Encounter(id=EncounterId("e1"), date_of_service=day)
    return check(note or NoteText(), encounter, claim(*codes))


def ids(*codes: str, day: date = DAY) -> list[str]:
    return [each.rule_id for each in findings(*codes, day=day)]


def test_every_rule_of_every_file_is_listed_once() -> None:
    found = set()
    for module in pkgutil.iter_modules(rules.__path__):
        members = vars(importlib.import_module(f"{rules.__name__}.{module.name}"))
        found |= {member.id for member in members.values() if isinstance(member, Rule)}
    listed = [rule.id for rule in RULES]
    assert sorted(listed) == sorted(found)
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_every_card_names_a_source_and_speaks_of_the_article_openly(rule: Rule) -> None:
    assert rule.title
    assert rule.citations
    assert all(citation.source and citation.place for citation in rule.citations)
    assert not rule.article or rule.article.startswith("Your reference article")


def test_suppression_names_no_rule_that_silences_itself() -> None:
    for winner, losers in suppression.SILENCES:
        assert winner not in losers


@pytest.mark.parametrize(
    "codes",
    [
        ("R53.1",),
        ("R53.1", "Z86.73"),
        ("I69.398", "R53.1"),
        ("R53.1", "U09.9"),
        ("R53.1", "E11.9", "I10"),
        ("M62.81", "Z91.81"),
        ("F03.90", "M62.81", "R26.2"),
        ("M25.552", "M62.81", "R26.2", "M25.562"),
        ("S72.001A",),
        ("QA0.0101",),
    ],
    ids=" ".join,
)
def test_codes_alone_that_must_not_fire(codes: tuple[str, ...]) -> None:
    assert ids(*codes) == []


@pytest.mark.parametrize(
    ("codes", "day", "expected"),
    [
        (("97110",), DAY, ["GEN-CODE-FORMAT"]),
        (("780.79",), DAY, ["GEN-CODE-FORMAT"]),
        (("",), DAY, ["GEN-CODE-FORMAT"]),
        (("G0283",), DAY, ["GEN-CODE-UNKNOWN"]),
        (("R53.1", "r531"), DAY, ["GEN-DUPLICATE"]),
        (("R53.1", "R53.1", "R53.1"), DAY, ["GEN-DUPLICATE"]),
        (("R53.1",), date(2028, 1, 1), ["GEN-TABLE-STALE"]),
        (("R53.7",), date(2028, 1, 1), ["GEN-CODE-UNKNOWN", "GEN-TABLE-STALE"]),
        (
            ("U09.9",),
            date(2021, 9, 30),
            ["GEN-CODE-DATE", "GEN-TABLE-STALE", "GEN-CODE-FIRST"],
        ),
        (("G71.00", "M62.81"), DAY, ["GEN-INTEGRAL-SYMPTOM"]),
        (("G80.0", "Z74.09", "M62.81"), DAY, ["GEN-INTEGRAL-SYMPTOM"]),
        (("G20",), date(2023, 9, 30), ["GEN-TABLE-STALE"]),
        (("G20",), date(2023, 10, 1), ["GEN-CODE-NONBILLABLE", "GEN-TABLE-STALE"]),
        (
            ("G21", "R29.6", "R26.2", "M62.81", "R26"),
            DAY,
            ["GEN-CODE-NONBILLABLE"] * 2 + ["GEN-EXCLUDES1"],
        ),
        (("R53.1", "R53.83"), DAY, ["R531-WITH-FATIGUE"]),
        (("R53.81", "R53.1"), DAY, ["R531-WITH-MALAISE"]),
        (("R54", "F03.90"), DAY, ["GEN-EXCLUDES1"]),
        (("F03.90", "R54"), DAY, ["GEN-EXCLUDES1"]),
        (("M62.81", "G72.0"), DAY, ["GEN-EXCLUDES1", "GEN-INTEGRAL-SYMPTOM"]),
        (("G81.94", "I69.354"), DAY, ["GEN-EXCLUDES1"]),
        (("R29.810", "I69.392"), DAY, ["GEN-EXCLUDES1"]),
        (("R53.81", "R54"), DAY, ["GEN-EXCLUDES1"]),
        (("are fifty three point one",), DAY, ["GEN-CODE-FORMAT"]),
    ],
)
def test_codes_alone(codes: tuple[str, ...], day: date, expected: list[str]) -> None:
    assert ids(*codes, day=day) == expected


def test_a_code_written_as_spoken_is_read_and_only_mentioned() -> None:
    (finding,) = findings("are fifty three point one")
    assert finding.severity is Severity.INFO
    assert finding.codes == ("R53.1",)


def test_while_the_table_is_stale_an_unknown_code_only_warns() -> None:
    by_rule = {each.rule_id: each for each in findings("R53.7", day=date(2028, 1, 1))}
    assert str(by_rule[RULES[1].id].severity) == "warn"


def test_the_pair_names_the_note_it_rests_on() -> None:
    table = tables_for(DAY)
    assert table is not None
    note = excluding_note(table, "F03.90", "R54")
    assert note is not None
    assert note.owner in {"R54", "F03"}
    assert excluding_note(table, "R53.1", "R53.83") is None


def test_a_difference_from_the_article_is_told() -> None:
    note = NoteText(assessment="Left-sided weakness due to an old stroke.")
    (finding,) = findings("R53.1", note=note)
    assert finding.rule_id == "R531-STROKE-SEQUELA"
    assert "I69.3 first" in finding.note
    assert "official rule differs" in finding.note
    assert [quote.text for quote in finding.evidence] == ["weakness", "stroke"]
    assert [each.code for each in finding.suggestions] == ["I69.354"]


def test_the_note_chooses_the_leaf_below_a_heading_of_i69() -> None:
    note = NoteText(assessment="Right arm weakness since the stroke. She is left-handed.")
    heading = findings("I69.3", note=note)[0]
    assert heading.rule_id == "GEN-CODE-NONBILLABLE"
    assert heading.suggestions[0].code == "I69.333"


def test_blocks_come_first() -> None:
    severities = [each.severity for each in findings("I69.3", "R53.1", "R53.1", day=DAY)]
    order = [Severity.BLOCK, Severity.WARN, Severity.INFO]
    assert severities == sorted(severities, key=order.index)


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2024, 10, 1), "FY2025"), (date(2025, 10, 1), "FY2026"), (date(2026, 10, 1), "FY2027")],
)
def test_the_edition_changes_on_the_first_of_october(day: date, year: str) -> None:
    assert year in edition(day)
    assert year not in edition(day - timedelta(days=1)) or day == date(2024, 10, 1)


WORDS = (
    "weakness weak stroke ALS since due to not no denies left right L R arm leg 4/5 5/5 . , ; ? "
    "mother possible age frailty fatigue residual SAH it from with \u0130 \u00df \u200b is I69 "
    "R53.1 point the patient"
)
CLINICAL = st.lists(st.sampled_from([*WORDS.split(), "\n"]), max_size=40).map(" ".join)
ANY_TEXT = st.one_of(st.text(max_size=120), CLINICAL)
ANY_CODE = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["R53.1", "I69.354", "I69.3", "G12.21", "M62.81", "R54", "S72.001A", "T07"]),
)


@settings(max_examples=150, deadline=None)
@given(
    sections=st.tuples(ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_TEXT),
    codes=st.lists(ANY_CODE, max_size=6),
    day=st.dates(),
)
def test_no_text_and_no_code_list_raises(
    sections: tuple[str, str, str, str], codes: list[str], day: date
) -> None:
    note = NoteText(
        subjective=sections[0], objective=sections[1], assessment=sections[2], plan=sections[3]
    )
    for finding in findings(*codes, day=day, note=note):
        for quote in finding.evidence:
            assert note.of(quote.section)[quote.start : quote.end] == quote.text


@pytest.mark.parametrize(
    "code",
    ["", "97110", "780.79", "weakness", "R5", "are fifty three point one", "M62..81", "R53.12345"],
)
def test_the_articles_remark_on_icd_11_explains_no_other_string(code: str) -> None:
    (finding,) = findings(code)
    assert finding.rule_id == "GEN-CODE-FORMAT"
    assert finding.note == ""


@pytest.mark.parametrize("code", ["MG31.00", "MB22", "mg31.00", "8A00.0", "RA01.0", "MG31.00&XS5W"])
def test_a_code_of_icd_11_is_answered_with_the_articles_remark(code: str) -> None:
    (finding,) = findings(code)
    assert finding.rule_id == "GEN-CODE-FORMAT"
    assert "ICD-11" in finding.note
