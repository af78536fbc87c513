"""`scribe doctor`: what this machine has, what it lacks, which models fit; and the proof that the
program opens no network socket here.
"""

import argparse
from pathlib import Path

from scribe import doctor, offline, paths, settings
from scribe.commands.console import DONE, KNOWN_ERROR, remark, say, say_json
from scribe.offline import Proof, Way

_WATCHES = {
    Way.STRACE: "strace counts every attempt",
    Way.KERNEL: "the kernel kills whoever tries (strace is not installed)",
}


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """Declare the subcommand."""
    parser = commands.add_parser("doctor", help="what this machine has and what it lacks")
    parser.add_argument(
        "--prove-offline",
        action="store_true",
        help="run a short made-up visit and watch whether anything opens a network socket",
    )
    parser.add_argument(
        "--audio", type=Path, metavar="FILE", help="what the proof listens to, instead of a tone"
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=offline.SECONDS,
        metavar="S",
        help=f"how long the proof watches at least (default {offline.SECONDS:.0f})",
    )
    return parser


def run(args: argparse.Namespace) -> int:
    """Print the report; exit code 3 when a note cannot be made on this machine as it is, or when
    it is not proven that nothing is sent.
    """
    if args.prove_offline:
        return _prove(args)
    report = doctor.examine(settings.load(paths.settings_file()))
    if args.json:
        say_json(report)
    else:
        for each in report.checks:
            say(f"{each.verdict.value:<8} {each.name}: {each.found}")
            if each.advice:
                say(f"         {each.advice}")
    return DONE if report.usable else KNOWN_ERROR


def _prove(args: argparse.Namespace) -> int:
    remark(f"Watching a made-up visit for {args.seconds:.0f} s or more ...")
    proof = offline.prove(args.audio, seconds=args.seconds)
    if args.json:
        say_json({"offline": proof.offline, "proof": proof})
    else:
        for line in _told(proof):
            say(line)
    return DONE if proof.offline else KNOWN_ERROR


def _told(proof: Proof) -> list[str]:
    works = "was caught" if proof.caught else "was NOT caught, so this proves nothing"
    programs = f", {proof.programs} programs" if proof.programs else ""
    lines = [
        f"The watch: {_WATCHES[proof.way]}.",
        f"A test program that opens a network socket {works}.",
        f"The visit, {proof.seconds:.0f} s{programs}:",
        *(f"  {each}" for each in proof.steps),
        f"Attempts to open anything that leads off this computer: {len(proof.attempts)}",
        *(f"  {each}" for each in sorted(set(proof.attempts))),
    ]
    if proof.offline:
        return [*lines, "Proven for this visit: nothing left this computer, and nothing tried to."]
    if proof.attempts:
        return [*lines, "NOT offline. Do not use the program with patients, and report this."]
    return [*lines, "Not proven: the visit did not go through."]
