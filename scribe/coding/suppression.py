"""Which finding makes which other one needless, as one table; the rules do not know each other."""

from scribe.records import Finding, Severity

_NEIGHBOURS = (
    "R531-MUSCLE-TERM",
    "R531-FACIAL",
    "R531-FATIGUE-ONLY",
    "R531-FATIGUE-CHRONIC",
    "R531-DEBILITY-ONLY",
    "R531-AGE-RELATED",
    "R531-SARCOPENIA",
    "R531-FUNC-QUAD",
)
"""Rules that know what was meant in place of weakness (section B)."""
NEUROMUSCULAR = (
    "R531-STROKE-ACUTE",
    "R531-STROKE-SEQUELA",
    "R531-STROKE-GENERALIZED",
    "R531-ALS",
    "R531-MS",
    "R531-GBS",
    "R531-MYASTHENIA",
    "R531-DYSTROPHY",
    "R531-MYOPATHY",
    "R531-CIM",
    "R531-PARKINSON",
    "R531-NEUROPATHY",
    "R531-RADICULOPATHY",
    "R531-SPINAL-CORD",
    "R531-BRAIN-LESION",
    "R531-NEURO-OTHER",
    "R531-FUNCTIONAL",
)
"""Cause rules of section C: the disease replaces R53.1."""
SYSTEMIC = (
    "R531-ANEMIA",
    "R531-CKD",
    "R531-MALNUTRITION",
    "R531-THYROID",
    "R531-DIABETES",
    "R531-ELECTROLYTE",
    "R531-INFECTION",
    "R531-POSTCOVID",
    "R531-DRUG",
    "R531-CANCER-FATIGUE",
    "R531-CANCER-WEAKNESS",
    "R531-SYSTEMIC-OTHER",
    "R531-PREGNANCY",
)
"""Cause rules of section D: the cause has to be on the claim, and first."""
_COMPLETENESS = ("R531-DOC-INSUFFICIENT", "R531-DOC-CONTRADICT", "R531-DENIAL-RISK")
_DOCUMENTATION = ("R531-DOC-UNSUPPORTED", *_COMPLETENESS)
_UNDOCUMENTED = ("R531-DOC-UNSUPPORTED", "R531-DOC-INSUFFICIENT", "R531-DENIAL-RISK")
"""What is not said of a note that documents something else well."""
_PROFILES = (
    "R531-PROFILE-PCP",
    "R531-PROFILE-NEURO",
    "R531-PROFILE-PT",
    "R531-PROFILE-GERI",
    "R531-PROFILE-ONC",
)
_RED_FLAGS = (
    "R531-REDFLAG-STROKE",
    "R531-REDFLAG-SUDDEN",
    "R531-REDFLAG-WEIGHTLOSS",
    "R531-REDFLAG-REFER",
)
_NOT_OF_THE_BRAIN = _RED_FLAGS[1:]
"""What a disease outside the nervous system explains: never a change of speech, sight or face."""
_CODED_DISEASE = ("GEN-UNCERTAIN-CODED", "GEN-NEGATED-CODED")
"""Rules that say that a listed disease is not documented as present."""

SILENCES: tuple[tuple[str, tuple[str, ...]], ...] = (
    # An Excludes1 pair says it all; the neighbour rule would repeat it.
    ("R531-EX1-R54", ("R531-AGE-RELATED", "R531-AGE-QUERY")),
    ("R531-EX1-M6281", ("R531-MUSCLE-TERM",)),
    ("R531-EX1-M6284", ("R531-SARCOPENIA",)),
    # Face alone has a code of its own, after a stroke too.
    ("R531-FACIAL", ("R531-STROKE-SEQUELA",)),
    # Without a deficit, or with a general one, the one-sided sequela is not meant.
    ("R531-STROKE-NO-DEFICIT", ("R531-STROKE-SEQUELA",)),
    ("R531-STROKE-GENERALIZED", ("R531-STROKE-SEQUELA",)),
    # A rule that knows what was meant instead answers better than "not documented".
    *((rule, (*_UNDOCUMENTED, "R531-LOCALIZED")) for rule in _NEIGHBOURS),
    ("R531-FACIAL", ("R531-REDFLAG-STROKE",)),
    # A cause that is known leaves nothing to ask about the weakness itself.
    *(
        (rule, (*_DOCUMENTATION, "R531-LOCALIZED", "R531-AGE-QUERY", *_PROFILES))
        for rule in (*NEUROMUSCULAR, *SYSTEMIC)
    ),
    *((rule, _RED_FLAGS) for rule in NEUROMUSCULAR),
    *((rule, _NOT_OF_THE_BRAIN) for rule in SYSTEMIC),
    *((rule, ("R531-SECONDARY-SYMPTOM", "R531-SEQ-PRIMARY")) for rule in NEUROMUSCULAR),
    *((rule, ("R531-SECONDARY-SYMPTOM",)) for rule in SYSTEMIC),
    # The parts that feel weak are not what was assessed.
    ("R531-DECONDITIONING", ("R531-LOCALIZED",)),
    ("R531-SEQ-PRIMARY", ("R531-SECONDARY-SYMPTOM", *_DOCUMENTATION, "R531-LOCALIZED")),
    ("R531-SEQ-PRIMARY", ("R531-AGE-QUERY", *_PROFILES, *_NOT_OF_THE_BRAIN)),
    ("R531-DOC-UNSUPPORTED", (*_COMPLETENESS, "R531-LOCALIZED", *_PROFILES)),
)
"""(rule that found something, rules that then stay silent), in the order they are applied."""


def apply(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings without those that a stronger one makes needless."""
    present = {finding.rule_id for finding in findings}
    silent: set[str] = set()
    for winner, losers in SILENCES:
        if winner in present and winner not in silent:
            silent.update(losers)
    kept = tuple(finding for finding in findings if finding.rule_id not in silent)
    kept = _without_undocumented_causes(kept)
    if any(finding.severity is Severity.BLOCK for finding in kept):
        kept = tuple(each for each in kept if each.rule_id != "R531-PROFILE-PCP")
    return kept


def _without_undocumented_causes(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """A disease that the note does not establish explains nothing, though its code is listed."""
    doubted = {
        code for finding in findings if finding.rule_id in _CODED_DISEASE for code in finding.codes
    }
    causes = (*NEUROMUSCULAR, *SYSTEMIC, "R531-SEQ-PRIMARY", "R531-SECONDARY-SYMPTOM")
    return tuple(
        finding
        for finding in findings
        if not (doubted.intersection(finding.codes) and finding.rule_id in causes)
    )
