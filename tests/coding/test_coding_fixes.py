"""Ready fixes: where there is none, what each does to a claim, that each clears its finding."""

import json
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scribe.coding import fixes
from scribe.coding.check import check
from scribe.coding.fixes import Claim, fixed
from scribe.coding.request import Request, read_requests
from scribe.coding.rules import RULES
from scribe.coding.tables import nearest_table
from scribe.ids import RuleId
from scribe.records import CodedDiagnosis, Finding, Origin, Severity, Suggestion

CASES = Path(__file__).parent / "cases"
_NOT_A_CASE = ("watch", "fires")


def claim(*codes: str) -> Claim:
    return tuple(CodedDiagnosis(code=code, rank=rank) for rank, code in enumerate(codes, 1))


def finding(rule: str, about: str, offers: str = "") -> Finding:
    return Finding(
        rule_id=RuleId(rule),
        severity=Severity.BLOCK,
        message="m",
        codes=tuple(about.split()),
        suggestions=tuple(Suggestion(code=code, title="t") for code in offers.split()),
    )


def codes(made: Claim | None) -> str | None:
    if made is None:
        return None
    assert [each.rank for each in made] == list(range(1, len(made) + 1))
    return " ".join(each.code for each in made)


@cache
def requests() -> tuple[Request, ...]:
    found: list[Request] = []
    for path in sorted(CASES.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = {key: value for key, value in json.loads(line).items() if key not in _NOT_A_CASE}
            found += read_requests(json.dumps(row))
    return tuple(found)


NO_FIX = [
    pytest.param("GEN-CODE-FORMAT", "MG31.00", "", "MG31.00", 0, id="no code to put in its place"),
    pytest.param("R531-NEUROPATHY", "R53.1", "G57.3-", "R53.1", 0, id="only a family"),
    pytest.param("R531-ALS", "R53.1", "G12.21", "R53.1", 1, id="no such suggestion"),
    pytest.param("R531-ALS", "R53.1", "G12.21", "R53.1", -1, id="a negative choice"),
    pytest.param("R531-ALS", "R53.1", "G12.21", "I10", 0, id="the code is gone"),
    pytest.param("R531-DOC-UNSUPPORTED", "R53.1", "", "R53.1", 0, id="the note must be written"),
    pytest.param("R531-AGE-QUERY", "R53.1", "R54", "R53.1", 0, id="the clinician must conclude"),
    pytest.param("R531-CAUSE-QUERY", "R53.1", "G70.00", "R53.1", 0, id="the cause is open"),
    pytest.param("R531-REDFLAG-REFER", "R53.1", "R20.0", "R53.1", 0, id="more than a code"),
    pytest.param("GEN-NEGATED-CODED", "G70.00", "", "G70.00", 0, id="nothing would be left"),
    pytest.param("GEN-UNCERTAIN-CODED", "G61.0", "", "G61.0 R53.1", 0, id="doubt, no symptom"),
    pytest.param("R531-STROKE-ACUTE", "R53.1", "I63.- I63.9 G81.9-", "R53.1", 1, id="side open"),
    pytest.param("R531-STROKE-ACUTE", "R53.1", "I63.- I63.9 G81.94", "R53.1", 2, id="vessel open"),
    pytest.param("R531-CANCER-FATIGUE", "R53.1", "C80.1 R53.0", "R53.1", 0, id="which cancer"),
    pytest.param("R531-CANCER-FATIGUE", "R53.1", "C80.1 R53.0", "R53.1", 1, id="cancer not coded"),
    pytest.param("R531-THYROID", "R53.1", "E27.40 E27.1 R53.1", "R53.1", 2, id="which of two"),
    pytest.param("R531-DRUG", "R53.1", "R53.1", "R53.1", 0, id="the drug has no name"),
    pytest.param("R531-PREGNANCY", "R53.1", "O26.89- R53.1", "R53.1", 1, id="trimester unknown"),
    pytest.param("R531-PREGNANCY", "R53.1", "O26.899 R53.1 Z33.1", "R53.1", 2, id="incidental"),
    pytest.param("GEN-TABLE-STALE", "", "", "R53.1", 0, id="about no code"),
    pytest.param("NO-SUCH-RULE", "R53.1", "R54", "R53.1", 0, id="an unknown rule"),
]

FIXED = [
    pytest.param("GEN-CODE-NONBILLABLE", "G35", "G35.A G35.D", "I10 G35", 1, "I10 G35.D"),
    pytest.param("GEN-CODE-FORMAT", "R53.1", "R53.1", "are fifty three point one", 0, "R53.1"),
    pytest.param("GEN-DUPLICATE", "R53.1", "", "R53.1 I10 r531 R53.1", 0, "R53.1 I10"),
    pytest.param("GEN-EXCLUDES1", "R26.2 R29.6", "R26.2 R29.6", "R26.2 I10 R29.6", 1, "I10 R29.6"),
    pytest.param("GEN-INTEGRAL-SYMPTOM", "M62.81 G35.A", "G35.A", "G35.A M62.81", 0, "G35.A"),
    pytest.param("GEN-NEGATED-CODED", "G70.00", "", "G70.00 R53.1", 0, "R53.1"),
    pytest.param("GEN-NEGATED-CODED", "E11.9", "Z83.3", "E11.9", 0, "Z83.3"),
    pytest.param("GEN-CODE-FIRST", "D63.1 N18.4", "N18.4", "D63.1 N18.4", 0, "N18.4 D63.1"),
    pytest.param("GEN-CODE-FIRST", "R53.0", "C61", "R53.0", 0, "C61 R53.0"),
    pytest.param("GEN-SEQ-SERVICE", "F90.9", "M62.81", "F90.9 M62.81", 0, "M62.81 F90.9"),
    pytest.param("R531-SEQ-PRIMARY", "R53.1 E03.9", "E03.9 R53.1", "R53.1 E03.9", 0, "E03.9 R53.1"),
    pytest.param("R531-ALS", "R53.1", "G12.21", "I10 r53.1", 0, "I10 G12.21"),
    pytest.param("R531-ALS", "R53.1 G12.21", "", "R53.1 G12.21", 0, "G12.21"),
    pytest.param("R531-MS", "R53.1 G35.B0", "G35.B1", "R53.1 G35.B0", 0, "G35.B0"),
    pytest.param("R531-MYOPATHY", "R53.1", "G72.0 T38.0X5A", "R53.1", 0, "G72.0 T38.0X5A"),
    pytest.param("R531-MYOPATHY", "R53.1", "G72.0 T38.0X5A", "R53.1", 1, "G72.0 T38.0X5A"),
    pytest.param("R531-THYROID", "R53.1", "E03.9 R53.1", "R53.1", 0, "E03.9"),
    pytest.param("R531-THYROID", "R53.1", "E03.9 R53.1", "R53.1", 1, "E03.9 R53.1"),
    pytest.param("R531-POSTCOVID", "R53.1 U09.9", "R53.1 U09.9", "U09.9 R53.1", 0, "R53.1 U09.9"),
    pytest.param("R531-POSTCOVID", "U09.9", "R53.1 U09.9", "I10 U09.9", 0, "I10 R53.1 U09.9"),
    pytest.param("R531-DRUG", "R53.1", "R53.1 T42.6X5A", "R53.1", 1, "R53.1 T42.6X5A"),
    pytest.param("R531-STROKE-GENERALIZED", "R53.1", "I69.398 R53.1", "R53.1", 0, "I69.398 R53.1"),
    pytest.param("R531-BRAIN-LESION", "R53.1", "D32.0 G83.21", "R53.1", 1, "D32.0 G83.21"),
    pytest.param(
        "R531-BRAIN-LESION", "R53.1", "G81.91 S06.9X9S S06.9X0S", "R53.1", 1, "G81.91 S06.9X9S"
    ),
    pytest.param(
        "R531-STROKE-ACUTE",
        "R53.1 I63.511",
        "I63.- I63.9 G81.94",
        "I63.511 R53.1",
        2,
        "I63.511 G81.94",
    ),
    pytest.param(
        "R531-PREGNANCY",
        "R53.1",
        "O26.892 R53.1 Z3A.22 Z33.1",
        "I10 R53.1",
        0,
        "O26.892 I10 R53.1 Z3A.22",
    ),
    pytest.param(
        "R531-CANCER-FATIGUE", "R53.83 C34.91", "R53.0", "R53.83 C34.91", 0, "C34.91 R53.0"
    ),
    pytest.param("R531-MYOPATHY", "R53.1", "E03.9 G73.7", "R53.1", 1, "E03.9 G73.7"),
    pytest.param("R531-CKD", "R53.1", "I12.9 N18.4 R53.1", "R53.1", 1, "I12.9 N18.4"),
    pytest.param("R531-ANEMIA", "R53.1", "N18.4 D63.1 R53.1", "R53.1", 2, "N18.4 D63.1 R53.1"),
    pytest.param("R531-GBS", "R53.1", "R53.1 G65.0", "I10 R53.1", 1, "I10 R53.1 G65.0"),
    pytest.param(
        "R531-STROKE-ACUTE", "R53.1 I63.9", "I63.- G81.94", "R53.1 I63.9", 1, "I63.9 G81.94"
    ),
    pytest.param("R531-DOC-UNSUPPORTED", "R53.1", "R42", "R53.1", 0, "R42"),
    pytest.param("R531-STROKE-NO-DEFICIT", "I69.351", "Z86.73", "I69.351", 0, "Z86.73"),
    pytest.param(
        "R531-ACUTE-FOR-OLD", "I63.9 I61.9", "I69.331", "I63.9 I61.9 I69.331", 0, "I69.331"
    ),
]


@pytest.mark.parametrize(("rule", "about", "offers", "before", "choice"), NO_FIX)
def test_there_is_no_ready_fix(
    rule: str, about: str, offers: str, before: str, choice: int
) -> None:
    assert fixed(finding(rule, about, offers), claim(*before.split()), choice) is None


@pytest.mark.parametrize(
    ("rule", "about", "offers", "before", "choice", "after"),
    FIXED,
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_the_claim_is_as_the_finding_wants_it(
    rule: str, about: str, offers: str, before: str, choice: int, after: str
) -> None:
    spoken = before if before.startswith("are ") else ""
    start = claim(spoken) if spoken else claim(*before.split())
    assert codes(fixed(finding(rule, about, offers), start, choice)) == after


def test_what_was_there_keeps_its_origin_and_what_is_new_comes_from_the_rule() -> None:
    start = (CodedDiagnosis(code="R53.1", rank=1, origin=Origin.DICTATED),)
    made = fixed(finding("R531-THYROID", "R53.1", "E03.9 R53.1"), start, 1)
    assert made is not None
    assert [(each.code, each.origin) for each in made] == [
        ("E03.9", Origin.RULE),
        ("R53.1", Origin.DICTATED),
    ]


def test_rank_decides_the_order_and_not_the_place_in_the_tuple() -> None:
    start = (CodedDiagnosis(code="E03.9", rank=2), CodedDiagnosis(code="R53.1", rank=1))
    made = fixed(finding("R531-SEQ-PRIMARY", "R53.1 E03.9", "E03.9 R53.1"), start)
    assert codes(made) == "E03.9 R53.1"


def test_every_move_belongs_to_a_rule() -> None:
    assert set(fixes.MOVES) <= {rule.id for rule in RULES}


def test_every_ready_fix_of_every_case_clears_its_finding() -> None:
    count: Counter[Severity] = Counter()
    for request in requests():
        table = nearest_table(request.encounter.date_of_service)
        for each in check(request.note, request.encounter, request.diagnoses):
            ready = 0
            for choice in range(max(1, len(each.suggestions))):
                made = fixed(each, request.diagnoses, choice)
                if made is None:
                    continue
                ready += 1
                later = check(request.note, request.encounter, made)
                assert fixes.clears(each, later), (request.id, each.rule_id, codes(made))
                new = [one.code for one in made if one.origin is Origin.RULE]
                assert all(table.exists(code) for code in new), (request.id, new)
            count[each.severity] += ready > 0
    # Most of what blocks can be put right with one click.
    blocks = sum(
        each.severity is Severity.BLOCK
        for request in requests()
        for each in check(request.note, request.encounter, request.diagnoses)
    )
    assert count[Severity.BLOCK] >= 0.8 * blocks


POOL = sorted(
    {each.code for request in requests() for each in request.diagnoses}
    | set(
        [
            "R53.83",
            "R53.81",
            "R54",
            "M62.81",
            "M62.84",
            "R29.6",
            "R26.2",
            "G21",
            "I69.3",
            "r531",
            "MG31.00",
            "D63.1",
        ]
    )
    | set(
        [
            "N18.4",
            "U09.9",
            "T45.1X5A",
            "C34.90",
            "F02.80",
            "G30.9",
            "M54.50",
            "M25.519",
            "G93.9",
            "I69.398",
            "R53.0",
        ]
    )
)


@settings(max_examples=80, deadline=None)
@given(
    which=st.integers(0, len(requests()) - 1),
    more=st.lists(st.sampled_from(POOL), max_size=4),
    service=st.sampled_from(["", "97110", "97140"]),
    backwards=st.booleans(),
)
def test_a_ready_fix_clears_its_finding_on_any_claim(
    which: int, more: list[str], service: str, backwards: bool
) -> None:
    request = requests()[which]
    listed = [*(each.code for each in request.diagnoses), *more]
    start = claim(*(listed[::-1] if backwards else listed))
    encounter = replace(request.encounter, procedures=(service,) if service else ())
    for each in check(request.note, encounter, start):
        for choice in range(min(4, max(1, len(each.suggestions)))):
            made = fixed(each, start, choice)
            if made is not None:
                later = check(request.note, encounter, made)
                assert fixes.clears(each, later), (request.id, each.rule_id, listed, codes(made))


@pytest.mark.parametrize(
    ("rule", "offers", "equal"),
    [
        ("GEN-CODE-NONBILLABLE", "G35.A G35.D", True),
        ("GEN-CODE-NONBILLABLE", "G35.A", False),
        ("R531-THYROID", "E03.9 R53.1", False),
    ],
)
def test_equals_are_not_taken_unasked(rule: str, offers: str, equal: bool) -> None:
    assert fixes.open_choice(finding(rule, "X", offers)) is equal


def test_what_the_note_decides_is_taken_unasked() -> None:
    (row,) = (each for each in requests() if each.id == "heading-ms-rrms")
    (heading,) = check(row.note, row.encounter, row.diagnoses)
    assert not fixes.open_choice(heading)
    assert codes(fixed(heading, row.diagnoses)) == "G35.A"


@pytest.mark.parametrize(
    ("code", "is_whole"),
    [("M62.81", True), ("R54", True), ("QA0.0101", True)]
    + [(each, False) for each in ("O26.8-", "I69.x92", "", "-", "r53.1", "M62.81 or so")],
)
def test_a_family_of_codes_is_not_a_code(code: str, is_whole: bool) -> None:
    assert fixes.whole(code) is is_whole
