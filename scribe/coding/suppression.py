"""Which finding makes which other one needless, as one table; the rules do not know each other."""

from scribe.records import Finding

SILENCES: tuple[tuple[str, tuple[str, ...]], ...] = (
    # An Excludes1 pair says it all; the neighbour rule would repeat it.
    ("R531-EX1-R54", ("R531-AGE-RELATED",)),
    ("R531-EX1-M6281", ("R531-MUSCLE-TERM",)),
    ("R531-EX1-M6284", ("R531-SARCOPENIA",)),
    # Without a deficit, or with a general one, the one-sided sequela is not meant.
    ("R531-STROKE-NO-DEFICIT", ("R531-STROKE-SEQUELA",)),
    ("R531-STROKE-GENERALIZED", ("R531-STROKE-SEQUELA",)),
    # A rule that knows what was meant instead answers better than "not documented".
    ("R531-FATIGUE-ONLY", ("R531-DOC-UNSUPPORTED",)),
    ("R531-AGE-RELATED", ("R531-DOC-UNSUPPORTED",)),
    ("R531-STROKE-SEQUELA", ("R531-DOC-UNSUPPORTED",)),
    ("R531-STROKE-GENERALIZED", ("R531-DOC-UNSUPPORTED",)),
    ("R531-ALS", ("R531-DOC-UNSUPPORTED",)),
)
"""(rule that found something, rules that then stay silent), in the order they are applied."""


def apply(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings without those that a stronger one makes needless."""
    present = {finding.rule_id for finding in findings}
    silent: set[str] = set()
    for winner, losers in SILENCES:
        if winner in present and winner not in silent:
            silent.update(losers)
    return tuple(finding for finding in findings if finding.rule_id not in silent)
