"""The article's facts: complete, marked, and its table of paid claims compared with the check."""

from datetime import date

import pytest

from scribe.coding.article import PaidClaim, Stand, article
from scribe.coding.check import check
from scribe.coding.rules import RULES
from scribe.ids import EncounterId
from scribe.records import CodedDiagnosis, Encounter, NoteText, Severity

FACTS = [each for part in article().parts for each in part.facts]


def test_the_source_is_named() -> None:
    assert article().source == "Weakness ICD 10: R53.1, Dr. Alex Carter, 2025-03-19"


def test_every_subject_is_there() -> None:
    ids = [each.id for each in article().parts]
    assert len(ids) == len(set(ids))
    wanted = {"questions", "tests", "grades", "specialties", "icd11", "faq", "billing"}
    assert wanted <= set(ids)
    count = {each.id: len(each.facts) for each in article().parts}
    assert (count["grades"], count["specialties"], count["questions"]) == (6, 5, 5)
    assert len(article().claims) == 24


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("why", "billing research patients"),
        ("code", "R54 M62.84 R53.83 M62.81 dystrophy World first-listed balance"),
        ("causes", "stroke ALS diabetes chemotherapy Lyme HIV corticosteroids"),
        ("codes-with-cause", "I69.3 U09.9 N18.9 R53.82 E43 E44"),
        ("examples", "67 75 G12.21 I69.354"),
        ("mistakes", "M62.81 R53.83 order note"),
        ("questions", "begin muscles numbness diabetes sedative"),
        ("tests", "electrolytes B12 reflexes MRI Electromyography"),
        ("specialties", "Primary Neurology therapy Geriatrics Oncology"),
        ("treatment", "iron hormone sedative bands swimming rheumatology mobility"),
        ("billing", "examination denied general audits HIPAA payer"),
        ("icd11", "MG31.00 1994 2022 2027 Canada training"),
        ("faq", "Medicare legal physical speech scribe"),
    ],
)
def test_what_the_article_teaches_is_told(part: str, words: str) -> None:
    (found,) = (each for each in article().parts if each.id == part)
    told = " ".join(f"{each.says} {each.official}" for each in found.facts).lower()
    assert [word for word in words.lower().split() if word not in told] == []


def test_a_difference_says_what_the_official_source_says_and_agreement_adds_nothing() -> None:
    for each in FACTS:
        assert each.says.endswith((".", "?"))
        assert bool(each.official) or each.stand is not Stand.DIFFERS, each.says
        assert not each.official or each.stand in (Stand.DIFFERS, Stand.OPEN), each.says
    assert {each.stand for each in FACTS} == set(Stand)


def test_every_rule_named_exists() -> None:
    named = {rule for each in FACTS for rule in each.rules}
    named |= {rule for each in article().claims for rule in (*each.then, *each.later)}
    assert named <= {rule.id for rule in RULES}


@pytest.mark.parametrize("claim", article().claims, ids=[each.service for each in article().claims])
def test_the_check_says_of_a_paid_claim_what_is_told(claim: PaidClaim) -> None:
    for day, told in ((date(2025, 3, 19), claim.then), (date(2026, 9, 15), claim.later)):
        encounter = Encounter(
            id=EncounterId("e1"), date_of_service=day, procedures=(claim.service,)
        )
        codes = tuple(CodedDiagnosis(code=c, rank=n) for n, c in enumerate(claim.codes, 1))
        found = check(NoteText(), encounter, codes)
        said = {each.rule_id for each in found if each.severity is not Severity.INFO}
        assert said == set(told)
