"""`scribe note AUDIO`: the whole flow on a file, from sound to a checked draft."""

import argparse
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scribe import build, codec, paths, pipeline, settings
from scribe.coding import tables
from scribe.commands import render
from scribe.commands.console import (
    BLOCKED,
    DONE,
    ProgressLine,
    a_date,
    remark,
    say,
    say_json,
    write_files,
)
from scribe.draft import template
from scribe.ids import TemplateId, new_encounter_id
from scribe.records import DEFAULT_TEMPLATE, CodedNote, Encounter, Sex, Transcript
from scribe.worker import audiofile


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteResult:
    """What `scribe note --json` prints."""

    transcript: Transcript
    note: CodedNote


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """Declare the subcommand."""
    parser = commands.add_parser("note", help="from an audio file to a checked draft note")
    parser.add_argument("audio", type=Path, help="a WAV, FLAC, MP3 or OGG file")
    parser.add_argument("--template", type=TemplateId, default=DEFAULT_TEMPLATE, metavar="ID")
    parser.add_argument(
        "--date-of-service", type=a_date, default=None, metavar="D", help="default: today"
    )
    parser.add_argument("--specialty", default="", metavar="S")
    parser.add_argument("--age", type=int, default=None, help="in years")
    parser.add_argument("--sex", type=Sex, choices=list(Sex), default=Sex.UNKNOWN)
    parser.add_argument("--rules-only", action="store_true", help="without a language model")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="also write transcript.json, note.json and note.txt there (not encrypted)",
    )
    return parser


def run(args: argparse.Namespace) -> int:
    """Transcribe, draft and check; exit code 1 when a finding blocks sign-off."""
    tables.add_folder(paths.codes_dir())
    result = _flow(args)
    lines = [
        *("TRANSCRIPT", *render.transcript(result.transcript)),
        *render.draft(result.note.draft, result.transcript),
        *render.coding(result.note),
    ]
    if args.out is not None:
        files = {
            "transcript.json": codec.to_json(result.transcript, indent=2) + "\n",
            "note.json": codec.to_json(result.note, indent=2) + "\n",
            "note.txt": "\n".join(lines) + "\n",
        }
        write_files(args.out, files)
        remark(f"Written to {args.out}. These files are not encrypted.")
    if args.json:
        say_json(result)
    else:
        say("\n".join(lines))
    return BLOCKED if render.blocks(result.note.findings) else DONE


def _flow(args: argparse.Namespace) -> NoteResult:
    chosen = settings.load(paths.settings_file())
    # What cannot work is said before the long work, not after it.
    audiofile.probe(args.audio)
    template.load(args.template)
    encounter = Encounter(
        id=new_encounter_id(),
        date_of_service=args.date_of_service or date.today(),
        specialty=args.specialty,
        age=args.age,
        sex=args.sex,
        template_id=args.template,
    )
    recogniser = build.speech_process(chosen)
    writer = None if args.rules_only else build.writer_process(chosen)
    try:
        heard = pipeline.transcribe_file(args.audio, recogniser, tell=ProgressLine("Listening"))
        recogniser.close()
        draft = pipeline.draft(heard, args.template, writer, tell=ProgressLine("Writing"))
    finally:
        recogniser.close()
        if writer is not None:
            writer.close()
    codes = pipeline.dictated(heard, encounter.date_of_service)
    return NoteResult(transcript=heard, note=pipeline.code(encounter, draft, codes))
