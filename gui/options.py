"""The command line of the window program; nothing else, because it is read before Qt is loaded."""

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path


def options(argv: Sequence[str]) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="scribe-window")
    parser.add_argument("--visit", metavar="AUDIO", type=Path, help="review this audio file")
    parser.add_argument("--date-of-service", metavar="D", type=date.fromisoformat, default=None)
    parser.add_argument("--demo", action="store_true", help="scripted parts, nothing is kept")
    parser.add_argument("--quit-when-usable", action="store_true", help="for measuring the start")
    # Said by the supervisor to the window it starts; never typed.
    parser.add_argument("--supervised", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(argv)
