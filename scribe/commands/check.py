"""`scribe check FILE|-`: the coding rules on notes written elsewhere, one answer for each note."""

import argparse
import json
from dataclasses import dataclass

from scribe import codec, paths
from scribe.coding import check, fixes, request, tables
from scribe.coding.request import Request
from scribe.commands import render
from scribe.commands.console import BLOCKED, DONE, read_text, say
from scribe.errors import BadInput
from scribe.records import CodedDiagnosis, Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the rules say about one note."""

    id: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """The code list of one note after a fix, and what the rules say then."""

    id: str
    diagnoses: tuple[CodedDiagnosis, ...]
    findings: tuple[Finding, ...]


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """Declare the subcommand."""
    parser = commands.add_parser("check", help="check the codes of notes (JSON or JSON Lines)")
    parser.add_argument("file", help="one note as JSON, or one note a line; - for standard input")
    parser.add_argument(
        "--fix",
        type=int,
        metavar="N",
        help="show the codes after the fix of finding N of a single note; the file stays as it is",
    )
    parser.add_argument(
        "--choice", type=int, metavar="M", help="with --fix: take suggestion M of that finding"
    )
    return parser


def run(args: argparse.Namespace) -> int:
    """One line of JSON a note; with a single note and no --json, the same as text."""
    tables.add_folder(paths.codes_dir())
    if args.choice is not None and args.fix is None:
        raise BadInput("--choice says nothing without --fix.")
    requests = request.read_requests(read_text(args.file))
    if args.fix is not None:
        return _fix(requests, args)
    blocked = False
    for each in requests:
        findings = check.check(each.note, each.encounter, each.diagnoses)
        blocked = blocked or render.blocks(findings)
        if args.json or len(requests) > 1:
            say(json.dumps(codec.plain(Answer(id=each.id, findings=findings)), ensure_ascii=False))
        else:
            for line in render.findings(findings):
                say(line)
    return BLOCKED if blocked else DONE


def _fix(requests: tuple[Request, ...], args: argparse.Namespace) -> int:
    if len(requests) != 1:
        raise BadInput(f"--fix takes a single note; there are {len(requests)} here.")
    made = _fixed(requests[0], args.fix, args.choice)
    if args.json:
        say(json.dumps(codec.plain(made), ensure_ascii=False))
    else:
        for line in ("DIAGNOSES", *render.claim(made.diagnoses), "", "CODING CHECK"):
            say(line)
        for line in render.findings(made.findings):
            say(line)
    return BLOCKED if render.blocks(made.findings) else DONE


def _fixed(one: Request, number: int, choice: int | None) -> Fixed:
    """The note's codes with the fix of finding `number`. Raises BadInput where there is none."""
    found = check.check(one.note, one.encounter, one.diagnoses)
    if not 1 <= number <= len(found):
        there = f"there are {len(found)} findings" if found else "there are no findings"
        raise BadInput(f"There is no finding {number}; {there}.")
    finding = found[number - 1]
    offered = finding.suggestions
    if choice is not None and not 1 <= choice <= len(offered):
        there = f"{len(offered)} codes" if offered else "no code"
        raise BadInput(f"There is no suggestion {choice}; finding {number} suggests {there}.")
    if choice is None and fixes.open_choice(finding):
        codes = ", ".join(each.code for each in offered)
        raise BadInput(
            f"Finding {number} ({finding.rule_id}) suggests several codes: {codes}.",
            advice="Say which one with --choice 1, --choice 2 and so on.",
        )
    diagnoses = fixes.fixed(finding, one.diagnoses, (choice or 1) - 1)
    later = check.check(one.note, one.encounter, diagnoses) if diagnoses is not None else ()
    if diagnoses is None or not fixes.clears(finding, later):
        raise BadInput(
            f"There is no ready fix for finding {number} ({finding.rule_id}).",
            advice="Nothing was changed. Read the finding and decide; the note may need other "
            "words, or the code more detail.",
        )
    return Fixed(id=one.id, diagnoses=diagnoses, findings=later)
