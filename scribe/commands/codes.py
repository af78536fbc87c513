"""`scribe codes show | search | suggest | import`: what the code tables say, what they have for the
problems of a note, and bringing later ones.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from scribe import paths
from scribe.coding import (
    describe,
    importing,
    plainnote,
    request,
    search,
    spoken_codes,
    suggest,
    tables,
)
from scribe.coding.describe import Described
from scribe.coding.request import Request
from scribe.coding.search import Match
from scribe.coding.suggest import Proposal
from scribe.commands.console import DONE, a_date, read_text, remark, say, say_json
from scribe.errors import BadInput, CodingError
from scribe.ids import EncounterId
from scribe.records import CodedDiagnosis, Encounter, NoteText

_MOST = 50
_WIDEST = 60
_LABELS = {
    "inclusion": "Inclusion terms",
    "includes": "Includes",
    "excludes1": "Excludes1",
    "excludes2": "Excludes2",
    "code-first": "Code first",
    "use-additional": "Use additional code",
    "code-also": "Code also",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found, in which edition; `remark` when no edition covers the date."""

    edition: str
    remark: str
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """The codes for the problems of one note. None of them is on a claim."""

    id: str
    edition: str
    remark: str
    proposals: tuple[Proposal, ...]


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """Declare the subcommands."""
    parser = commands.add_parser("codes", help="look up ICD-10-CM codes, import later code tables")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    show = acts.add_parser("show", help="everything the tables say about one code")
    show.add_argument("code", help="R53.1, r531 or spelled in words")
    show.set_defaults(act_run=_show)
    seek = acts.add_parser("search", help="find codes by words")
    seek.add_argument("words", nargs="+", help="title, inclusion term, everyday words, or a code")
    seek.add_argument("--limit", type=_limit, default=10, metavar="N", help="1 to 50, default 10")
    seek.set_defaults(act_run=_search)
    for each in (show, seek):
        each.add_argument(
            "--date", type=a_date, default=None, help="date of service, default today"
        )
    _add_suggest(acts.add_parser("suggest", help="codes for the problems that a note states"))
    bring = acts.add_parser(
        "import", help="take over an official Tabular XML, order file or order addenda"
    )
    bring.add_argument("file", type=Path, help=".xml, .txt, or either of them as .xz")
    bring.add_argument(
        "--from", dest="first", type=a_date, required=True, help="first date of service"
    )
    bring.add_argument("--to", dest="last", type=a_date, required=True, help="last date of service")
    bring.add_argument("--name", default="", help="how the edition is called in findings")
    bring.set_defaults(act_run=_import)
    return parser


def _add_suggest(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Lists codes for the established problems of a note's Assessment (of its Plan if that is "
        "empty), each with the words of the note it rests on. Uncertain, denied and past problems "
        "get none. Nothing is put on a claim: that is for the clinician."
    )
    parser.add_argument(
        "--note",
        required=True,
        metavar="FILE",
        help="a note as `scribe check` reads it, or plain text with the headings of SOAP; - for "
        "standard input",
    )
    parser.add_argument(
        "--date", type=a_date, default=None, help="date of service, default: of the note, or today"
    )
    parser.add_argument(
        "--claim", nargs="+", default=[], metavar="CODE", help="codes that are on the claim already"
    )
    parser.set_defaults(act_run=_suggest)


def run(args: argparse.Namespace) -> int:
    """Run the chosen act."""
    code: int = args.act_run(args)
    return code


def add_imported() -> None:
    """Let the tables that this user has imported count. Raises CodingError."""
    tables.add_folder(paths.codes_dir())


def _limit(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST:
        raise argparse.ArgumentTypeError(f"a number from 1 to {_MOST}")
    return int(text)


def _show(args: argparse.Namespace) -> int:
    add_imported()
    found = describe.describe(args.code, args.date or date.today())
    if args.json:
        say_json(found)
        return DONE
    if found.remark:
        remark(found.remark)
    for line in _described(found):
        say(line)
    return DONE


def _described(found: Described) -> Iterator[str]:
    yield f"{found.code}  {found.title}"
    yield f"    {found.edition}"
    yield "    billable" if found.billable else "    NOT billable: a code below it is needed"
    for first, last in found.valid:
        yield f"    billable from {first.isoformat()} to {last.isoformat()} in the tables here"
    for each in reversed(found.above):
        yield f"    below {each.code}  {each.title}"
    if found.leaves:
        yield "  Billable codes below it"
        yield from (f"    {each.code}  {each.title}" for each in found.leaves)
        if found.leaves_total > len(found.leaves):
            yield f"    and {found.leaves_total - len(found.leaves)} more"
    for kind, label in _LABELS.items():
        of_kind = [note for note in found.notes if note.kind == kind]
        if of_kind:
            yield f"  {label}"
        for note in of_kind:
            yield f"    {note.text}" + (f"   [from {note.at}]" if note.at else "")


def _search(args: argparse.Namespace) -> int:
    add_imported()
    words = " ".join(args.words)
    if len(words) > search.LONGEST:
        raise BadInput(f"A search has at most {search.LONGEST} characters.")
    if not any(char.isalnum() for char in words):
        raise BadInput("There is no word to search for.", advice='Try: scribe codes search "pain"')
    day = args.date or date.today()
    found = Found(
        edition=tables.nearest_table(day).edition,
        remark=describe.outside(day),
        matches=search.search(spoken_codes.spoken(words) or words, day, args.limit),
    )
    if args.json:
        say_json(found)
        return DONE
    if found.remark:
        remark(found.remark)
    if not found.matches:
        say(f"nothing found in {found.edition}")
    for each in found.matches:
        note = f"   [{each.term}]" if each.term else ""
        mark = " " if each.billable else "-"
        say(f"{each.code:<9}{mark} {each.title}{note}")
    if not all(each.billable for each in found.matches):
        say("(- is not billable as it stands: scribe codes show CODE)")
    return DONE


def _suggest(args: argparse.Namespace) -> int:
    add_imported()
    found = [_suggested(each, args) for each in _notes(read_text(args.note), args.date)]
    if args.json:
        for each in found:
            say_json(each, indent=2 if len(found) == 1 else None)
        return DONE
    for each in found:
        if each.remark:
            remark(each.remark)
        for line in _proposal_lines(each, several=len(found) > 1):
            say(line)
    return DONE


def _notes(text: str, day: date | None) -> tuple[Request, ...]:
    """The notes of a file: JSON as `scribe check` reads it, or one note as plain text."""
    if text.lstrip()[:1] in ("{", "["):
        return request.read_requests(text)
    note = plainnote.read_note(text)
    if note is None:
        remark("No heading such as “Assessment:” was found; all of it is read as the Assessment.")
        note = NoteText(assessment=text)
    visit = Encounter(id=EncounterId("note"), date_of_service=day or date.today())
    return (Request(id="note", note=note, encounter=visit, diagnoses=()),)


def _suggested(one: Request, args: argparse.Namespace) -> Suggested:
    day = args.date or one.encounter.date_of_service
    claim = [*(each.code for each in one.diagnoses), *args.claim]
    return Suggested(
        id=one.id,
        edition=tables.nearest_table(day).edition,
        remark=describe.outside(day),
        proposals=suggest.propose(
            one.note,
            replace(one.encounter, date_of_service=day),
            tuple(CodedDiagnosis(code=code, rank=rank) for rank, code in enumerate(claim, 1)),
        ),
    )


def _proposal_lines(found: Suggested, *, several: bool) -> Iterator[str]:
    if several:
        yield f"NOTE {found.id}"
    if not found.proposals:
        yield f"no suggestion from {found.edition}"
        return
    width = min(_WIDEST, max(len(each.title) for each in found.proposals))
    yield f"{'CODE':<9} {'TITLE':<{width}}  IN THE NOTE"
    for each in found.proposals:
        places = dict.fromkeys(quote.section.value.capitalize() for quote in each.evidence)
        words = ", ".join(f"“{' '.join(one.split())}”" for one in each.matched)
        yield f"{each.code:<9} {each.title:<{width}}  {words} ({', '.join(places)})"
    yield f"Suggestions from {found.edition}; none is on a claim unless you put it there."


def _import(args: argparse.Namespace) -> int:
    paths.data_dir()
    folder = paths.codes_dir()
    try:
        add_imported()
    except CodingError as error:
        # Importing again is how a damaged table is mended.
        remark(str(error))
    done = importing.import_file(args.file, args.first, args.last, folder, name=args.name)
    tables.add_folder(folder)
    if args.json:
        say_json(done)
        return DONE
    say(f"{done.name}: in force here from {done.first.isoformat()} to {done.last.isoformat()}")
    say(f"    {done.billable:,} billable codes; against {done.before}:")
    say(f"    {len(done.new):,} new, {len(done.gone):,} no longer billable")
    return DONE
