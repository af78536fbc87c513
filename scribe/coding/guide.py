"""Writes the guide to all coding rules from their cards; decides nothing."""

import sys
from pathlib import Path

from scribe.coding.rule import Rule
from scribe.coding.rules import RULES

_HEAD = """# Coding rules

What the program says about R53.1 (Weakness) and about the codes of a claim. This page is written
from the rule cards by `python -m scribe.coding.guide docs/coding-rules.md`; do not edit it.

- **block**: signing needs a fix or a typed reason. **warn**: one click. **info**: only shown.
- Official sources decide. What the reference article of 2025-03-19 on R53.1 says is shown with each
  finding, and where the official rule differs the card says why.
- Each rule ends with a reason for which its finding may be overridden. It is right only where it is
  true of the patient; the clinician takes it, changes it or writes another one.
- Sections of the official guidelines are numbered as in FY2026, in part from earlier editions and
  from what professional bodies quote of them. AHA Coding Clinic is licensed: it is named by issue
  and page as others quote it, its text is not carried. A Tabular note names its edition.
- Rules marked *note* are silent when nothing is written in the note.

"""


def guide(rules: tuple[Rule, ...] = RULES) -> str:
    """The guide as Markdown: an overview, then one section per rule, in the order of the rules."""
    rows = [
        f"| {number} | [{rule.id}](#{rule.id.lower()}) | {rule.severity} | {rule.title} |"
        for number, rule in enumerate(rules, start=1)
    ]
    table = ["| | Rule | Severity | What it is about |", "|---|---|---|---|", *rows]
    return _HEAD + "\n".join(table) + "\n\n" + "\n".join(_section(rule) for rule in rules)


def _section(rule: Rule) -> str:
    sources = "; ".join(f"{each.source}, {each.place}" for each in rule.citations)
    kind = f"{rule.severity}, note" if rule.needs_note else str(rule.severity)
    lines = [f"## {rule.id}", "", f"{rule.title} ({kind}).", "", f"- Official: {sources}."]
    lines.append(f"- Order of codes: {rule.sequencing or 'no effect.'}")
    lines.append(f"- Article: {rule.article or 'The reference article is silent on this.'}")
    lines.append(f"- May stay as it is if this is true: “{rule.override}”")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(guide(), encoding="utf-8")
