"""`scribe check FILE|-`: the coding rules on notes written elsewhere, one answer for each note."""

import argparse
import json
from dataclasses import dataclass

from scribe import codec, paths
from scribe.coding import check, request, tables
from scribe.commands import render
from scribe.commands.console import BLOCKED, DONE, read_text, say
from scribe.records import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the rules say about one note."""

    id: str
    findings: tuple[Finding, ...]


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """Declare the subcommand."""
    parser = commands.add_parser("check", help="check the codes of notes (JSON or JSON Lines)")
    parser.add_argument("file", help="one note as JSON, or one note a line; - for standard input")
    return parser


def run(args: argparse.Namespace) -> int:
    """One line of JSON a note; with a single note and no --json, the same as text."""
    tables.add_folder(paths.codes_dir())
    blocked = False
    requests = request.read_requests(read_text(args.file))
    for each in requests:
        findings = check.check(each.note, each.encounter, each.diagnoses)
        blocked = blocked or render.blocks(findings)
        if args.json or len(requests) > 1:
            say(json.dumps(codec.plain(Answer(id=each.id, findings=findings)), ensure_ascii=False))
        else:
            for line in render.findings(findings):
                say(line)
    return BLOCKED if blocked else DONE
