"""The buttons of one finding: one for every outcome, named by what becomes of the claim."""

import pytest

from gui import edits, texts
from gui.finding_card import FindingCard
from gui.offers import offers
from scribe.ids import RuleId
from scribe.records import CodedDiagnosis, Finding, Severity, Suggestion


def claim(codes: str) -> edits.Claim:
    return edits.ranked(CodedDiagnosis(code=code, rank=0) for code in codes.split())


def finding(rule: str, about: str, suggested: str) -> Finding:
    return Finding(
        rule_id=RuleId(rule),
        severity=Severity.BLOCK,
        message="m",
        codes=tuple(about.split()),
        suggestions=tuple(Suggestion(code=code, title="T") for code in suggested.split()),
    )


@pytest.mark.parametrize(
    ("rule", "about", "suggested", "codes", "verbs"),
    [
        pytest.param("R531-DOC-UNSUPPORTED", "R53.1", "", "R53.1", [], id="nothing to offer"),
        pytest.param(
            "R531-AGE-QUERY", "R53.1", "R54", "R53.1", ["Enter R54 by hand"], id="to be decided"
        ),
        pytest.param(
            "R531-NEUROPATHY", "R53.1", "G57.3-", "R53.1", ["Choose from G57.3-"], id="a family"
        ),
        pytest.param("R531-ALS", "R53.1", "G12.21", "R53.1", ["Use G12.21"], id="replace"),
        pytest.param(
            "R531-THYROID",
            "R53.1",
            "E03.9 R53.1",
            "R53.1",
            ["Use E03.9", "Add E03.9 before R53.1"],
            id="add",
        ),
        pytest.param("R531-ALS", "R53.1 G12.21", "", "R53.1 G12.21", ["Remove R53.1"], id="remove"),
        pytest.param(
            "R531-DRUG",
            "R53.1",
            "R53.1 T42.6X5A",
            "I10 R53.1",
            ["Add T42.6X5A after R53.1", ""],
            id="add last",
        ),
        pytest.param(
            "R531-PREGNANCY",
            "R53.1",
            "O26.892 Z3A.22",
            "R53.1",
            ["Add O26.892, Z3A.22", ""],
            id="add two",
        ),
        pytest.param("GEN-DUPLICATE", "I10", "", "I10 I10", ["List I10 once"], id="twice"),
        pytest.param(
            "R531-POSTCOVID",
            "R53.1 U09.9",
            "R53.1 U09.9",
            "U09.9 R53.1",
            ["List R53.1 before U09.9", ""],
            id="two suggestions of one outcome",
        ),
        pytest.param(
            "GEN-CODE-FORMAT",
            "R53.1",
            "R53.1",
            "R53.1.",
            ["Use R53.1"],
            id="the same code in its own form",
        ),
    ],
)
def test_buttons_say_what_becomes_of_the_claim(
    rule: str, about: str, suggested: str, codes: str, verbs: list[str]
) -> None:
    made = offers(finding(rule, about, suggested), claim(codes))
    assert [each.verb for each in made] == verbs


def test_a_fix_without_a_suggestion_has_its_button(dressed: object) -> None:
    said = finding("GEN-DUPLICATE", "I10", "")
    card = FindingCard(said, offers(said, claim("I10 I10")), (), editable=True)
    taken: list[int] = []
    card.taken.connect(lambda _, choice: taken.append(choice))
    card.offers[0].click()
    assert taken == [0]


def test_a_code_that_is_to_be_decided_goes_to_the_entry_field(dressed: object) -> None:
    said = finding("R531-AGE-QUERY", "R53.1", "R54")
    card = FindingCard(said, offers(said, claim("R53.1")), (), editable=True)
    entered: list[str] = []
    card.completed.connect(entered.append)
    card.offers[0].click()
    assert entered == ["R54"]
    assert card.offers[0].accessibleName() == f"{texts.ENTER_CODE.format(code='R54')} T"
