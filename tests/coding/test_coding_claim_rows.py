"""The 24 therapy claims of the reference article of 2025-03-19: what is said on two days."""

from datetime import date

import pytest

from scribe.coding.check import check
from scribe.ids import EncounterId
from scribe.records import CodedDiagnosis, Encounter, Finding, NoteText, Severity

THEN = date(2025, 3, 19)
NOW = date(2026, 9, 15)
NOTHING: tuple[str, ...] = ()
INTEGRAL = ("warn GEN-INTEGRAL-SYMPTOM",)
HEADING = ("block GEN-CODE-NONBILLABLE", *INTEGRAL)
PAIR = ("block GEN-EXCLUDES1",)
LOW = ("info GEN-LOW-SPECIFICITY",)
SERVICE = ("info GEN-SEQ-SERVICE",)

ROWS = [
    (1, "29581", "M62.81 S80.822A M79.661 M79.662 M79.9 I89.0", (*LOW, *SERVICE), None),
    (2, "97012", "M62.81 F03.90 Z91.81 M43.16 M54.50", INTEGRAL, None),
    (3, "97014", "M25.552 M62.81 R26.2 M25.562", NOTHING, None),
    (4, "97032", "M25.552 M62.81 R26.2 M25.562", NOTHING, None),
    (5, "97035", "M62.81 R29.3 M25.552 M25.551 M54.50 M48.061 M47.816", INTEGRAL, None),
    (6, "97110", "F90.9 M62.81 M25.552 M25.551 M16.12", (*INTEGRAL, *SERVICE), None),
    (7, "97113", "M62.81 Z91.81", NOTHING, None),
    (8, "97116", "F03.90 M62.81 R26.2", SERVICE, None),
    (9, "97140", "G35 M62.81 R26.2", INTEGRAL, HEADING),
    (10, "97150", "G21.9 R29.6 R26.2 R29.3 M62.81 R26.9 Z74.09", (*PAIR, *LOW), None),
    (11, "97161", "E11.21 M62.81 R26.81", SERVICE, None),
    (12, "97162", "G35 M25.552 M62.81", INTEGRAL, HEADING),
    (13, "97163", "M16.0 M62.81 M25.552 M25.551", INTEGRAL, None),
    (14, "97164", "G71.02 M62.81 M25.512 M25.511 R26.89", INTEGRAL, None),
    (15, "97166", "M62.81 G93.9", LOW, None),
    (
        16,
        "97168",
        "M19.019 M62.81 G89.29 M51.36",
        ("block GEN-CODE-NONBILLABLE", "warn GEN-UNSPECIFIED-SIDE"),
        None,
    ),
    (17, "97530", "F03.90 M62.81 R26.2", SERVICE, None),
    (18, "97535", "G71.00 M62.81", INTEGRAL, None),
    (19, "97542", "M62.81 R26.89 G47.00 F32.A R13.10 G10", SERVICE, None),
    (20, "97550", "Z74.09 G80.0 M62.81", INTEGRAL, None),
    (
        21,
        "97750",
        "G21 R29.6 R26.2 R29.3 M62.81 R26 Z74.09",
        ("block GEN-CODE-NONBILLABLE", *PAIR),
        None,
    ),
    (22, "97760", "R26.2 M62.81 M54.2 M54.51", NOTHING, None),
    (23, "99213", "R26.81 M54.50 M62.81 G21.8 Z91.81", NOTHING, None),
    (24, "G0283", "M25.552 M62.81", NOTHING, None),
]
"""Row, service, codes, what is said on the day of the article, and later where it differs."""


def findings(service: str, codes: str, day: date) -> tuple[Finding, ...]:
    encounter = Encounter(id=EncounterId("e1"), date_of_service=day, procedures=(service,))
    claim = tuple(CodedDiagnosis(code=c, rank=rank) for rank, c in enumerate(codes.split(), 1))
    return check(NoteText(), encounter, claim)


@pytest.mark.parametrize("day", [THEN, NOW], ids=["article", "later"])
@pytest.mark.parametrize("row", ROWS, ids=[f"row{row[0]}" for row in ROWS])
def test_a_claim_of_the_article(
    row: tuple[int, str, str, tuple[str, ...], tuple[str, ...] | None], day: date
) -> None:
    _, service, codes, then, later = row
    expected = then if day == THEN or later is None else later
    found = {f"{each.severity} {each.rule_id}" for each in findings(service, codes, day)}
    assert found == set(expected)


@pytest.mark.parametrize(
    ("row", "day", "rule", "about", "offers"),
    [
        (2, NOW, "GEN-INTEGRAL-SYMPTOM", {"M54.50", "M43.16"}, set()),
        (5, NOW, "GEN-INTEGRAL-SYMPTOM", {"M54.50", "M48.061", "M47.816"}, set()),
        (6, NOW, "GEN-INTEGRAL-SYMPTOM", {"M25.552", "M16.12"}, set()),
        (9, NOW, "GEN-CODE-NONBILLABLE", {"G35"}, {"G35.A", "G35.B0", "G35.C0", "G35.D"}),
        (16, THEN, "GEN-UNSPECIFIED-SIDE", {"M19.019"}, {"M19.011", "M19.012"}),
        (1, NOW, "GEN-SEQ-SERVICE", {"M62.81"}, {"I89.0"}),
        (19, NOW, "GEN-SEQ-SERVICE", {"M62.81"}, {"G10"}),
    ],
)
def test_what_is_said_names_the_codes(
    row: int, day: date, rule: str, about: set[str], offers: set[str]
) -> None:
    _, service, codes, _, _ = ROWS[row - 1]
    (found,) = [each for each in findings(service, codes, day) if each.rule_id == rule]
    assert set(found.codes) == about
    assert offers <= {each.code for each in found.suggestions}


@pytest.mark.parametrize("row", ROWS, ids=[f"row{row[0]}" for row in ROWS])
def test_without_the_service_its_order_is_not_judged(
    row: tuple[int, str, str, tuple[str, ...], tuple[str, ...] | None],
) -> None:
    encounter = Encounter(id=EncounterId("e1"), date_of_service=NOW)
    claim = tuple(CodedDiagnosis(code=c, rank=rank) for rank, c in enumerate(row[2].split(), 1))
    found = check(NoteText(), encounter, claim)
    assert all(each.severity is not Severity.INFO or "SEQ" not in each.rule_id for each in found)
