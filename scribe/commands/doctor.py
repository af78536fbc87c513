"""`scribe doctor`: what this machine has, what it lacks, which models fit."""

import argparse

from scribe import doctor, paths, settings
from scribe.commands.console import DONE, KNOWN_ERROR, say, say_json


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """Declare the subcommand."""
    return commands.add_parser("doctor", help="what this machine has and what it lacks")


def run(args: argparse.Namespace) -> int:
    """Print the report; exit code 3 when a note cannot be made on this machine as it is."""
    report = doctor.examine(settings.load(paths.settings_file()))
    if args.json:
        say_json(report)
    else:
        for each in report.checks:
            say(f"{each.verdict.value:<8} {each.name}: {each.found}")
            if each.advice:
                say(f"         {each.advice}")
    return DONE if report.usable else KNOWN_ERROR
