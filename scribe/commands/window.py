"""`scribe window`: opens the window in a process of its own; the core knows no window."""

import argparse
import os
import subprocess
import sys

from scribe.commands.console import DONE, KNOWN_ERROR, a_date
from scribe.errors import BadInput

_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """Declare the subcommand."""
    parser = commands.add_parser("window", help="open the window")
    parser.add_argument("--visit", metavar="AUDIO", help="open the review of this audio file")
    parser.add_argument("--date-of-service", type=a_date, default=None, metavar="D")
    parser.add_argument("--demo", action="store_true", help="with scripted parts and no weights")
    return parser


def run(args: argparse.Namespace) -> int:
    """Start the window and wait until it is closed. Raises BadInput without a display."""
    if sys.platform.startswith("linux") and not any(map(os.environ.get, _SCREENS)):
        raise BadInput(
            "There is no display to open a window on.",
            advice="Without one, use: scribe note AUDIO",
        )
    command = [sys.executable, "-P", "-m", "gui.launch"]
    if args.visit:
        command += ["--visit", args.visit]
    if args.date_of_service:
        command += ["--date-of-service", args.date_of_service.isoformat()]
    if args.demo:
        command += ["--demo"]
    return DONE if subprocess.run(command, check=False).returncode == 0 else KNOWN_ERROR
