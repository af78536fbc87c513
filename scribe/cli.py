"""The command `scribe`: a client of the core without a window, which keeps the core honest.

Exit codes: 0 done, 1 findings that block, 2 wrong usage, 3 a known error, 70 a fault of ours.
Progress goes to standard error, and only when it is a terminal.
"""

import argparse
import os
import sys
import traceback

from scribe import __version__
from scribe.commands import COMMANDS
from scribe.commands.console import BUG, DONE, KNOWN_ERROR, remark, tell_error
from scribe.errors import Cancelled, ScribeError


def parser() -> argparse.ArgumentParser:
    """The whole grammar of the command line."""
    top = argparse.ArgumentParser(
        prog="scribe", description="Draft, check and sign visit notes on this computer alone."
    )
    top.add_argument("--version", action="version", version=f"scribe {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for each in COMMANDS:
        one = each.add(commands)
        one.set_defaults(run=each.run)
    for one in _leaves(top):
        one.add_argument("--json", action="store_true", help="print the result as JSON")
    return top


def _leaves(top: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """Every subcommand that has no further subcommands."""
    found: list[argparse.ArgumentParser] = []
    for action in top._actions:  # noqa: SLF001  (argparse offers no other way to its subparsers)
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for one in action.choices.values():
                found += _leaves(one) or [one]
    return found


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    args = parser().parse_args(argv)
    try:
        code: int = args.run(args)
        sys.stdout.flush()
        return code
    except (Cancelled, KeyboardInterrupt):
        return KNOWN_ERROR
    except ScribeError as error:
        tell_error(error, as_json=args.json)
        return KNOWN_ERROR
    except BrokenPipeError:
        # The reader went away (`scribe note ... | head`): nothing more to say to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as bug:  # noqa: BLE001  (the last door: a traceback could quote the patient)
        place = traceback.extract_tb(bug.__traceback__)[-1]
        remark(f"scribe: a fault of this program, {type(bug).__name__} at")
        remark(f"        {place.filename}:{place.lineno}. Nothing was half-written.")
        return BUG


if __name__ == "__main__":
    sys.exit(main())
