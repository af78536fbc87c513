"""`scribe draft TRANSCRIPT.json`: a note from a transcript made earlier."""

import argparse

from scribe import build, codec, paths, pipeline, settings
from scribe.commands import render
from scribe.commands.console import DONE, ProgressLine, read_text, say, say_json
from scribe.ids import TemplateId
from scribe.records import DEFAULT_TEMPLATE, Transcript


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """Declare the subcommand."""
    parser = commands.add_parser("draft", help="draft a note from a transcript (JSON)")
    parser.add_argument("transcript", help="output of `scribe transcribe --json`, or - for input")
    parser.add_argument("--template", type=TemplateId, default=DEFAULT_TEMPLATE, metavar="ID")
    parser.add_argument("--rules-only", action="store_true", help="without a language model")
    return parser


def run(args: argparse.Namespace) -> int:
    """Draft and print the note."""
    heard = codec.from_json(Transcript, read_text(args.transcript), what="The transcript")
    chosen = settings.load(paths.settings_file())
    writer = None if args.rules_only else build.writer_process(chosen)
    try:
        note = pipeline.draft(heard, args.template, writer, tell=ProgressLine("Writing"))
    finally:
        if writer is not None:
            writer.close()
    if args.json:
        say_json(note)
    else:
        for line in render.draft(note, heard):
            say(line)
    return DONE
