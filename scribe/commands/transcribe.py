"""`scribe transcribe AUDIO`: what was said, with times."""

import argparse
from pathlib import Path

from scribe import build, paths, pipeline, settings
from scribe.commands import render
from scribe.commands.console import DONE, ProgressLine, say, say_json
from scribe.worker import audiofile


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """Declare the subcommand."""
    parser = commands.add_parser("transcribe", help="write down what was said in an audio file")
    parser.add_argument("audio", type=Path, help="a WAV, FLAC, MP3 or OGG file")
    return parser


def run(args: argparse.Namespace) -> int:
    """Hear the file and print the transcript."""
    audiofile.probe(args.audio)
    recogniser = build.speech_process(settings.load(paths.settings_file()))
    try:
        heard = pipeline.transcribe_file(args.audio, recogniser, tell=ProgressLine("Listening"))
    finally:
        recogniser.close()
    if args.json:
        say_json(heard)
    else:
        for line in render.transcript(heard):
            say(line)
    return DONE
