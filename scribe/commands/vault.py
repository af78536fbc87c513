"""`scribe vault create | verify`: the encrypted place where visits are kept."""

import argparse
import getpass
import sys
from dataclasses import dataclass
from pathlib import Path

from scribe import paths
from scribe.commands.console import DONE, KNOWN_ERROR, say, say_json
from scribe.errors import BadInput
from scribe.store.vault import create_vault
from scribe.store.verify import verify_vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """What `scribe vault create` made."""

    folder: str
    clinician: str


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """Declare the subcommands."""
    parser = commands.add_parser("vault", help="create or verify the encrypted vault")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    create = acts.add_parser("create", help="make a new vault; never overwrites one")
    create.add_argument("--clinician", required=True, help="whose vault it is")
    create.set_defaults(act_run=_create)
    acts.add_parser("verify", help="check every page, note and audit row").set_defaults(
        act_run=_verify
    )
    for each in acts.choices.values():
        each.add_argument("--folder", type=Path, default=None, help="default: this user's vault")
        each.add_argument(
            "--passphrase-stdin",
            action="store_true",
            help="read the passphrase from standard input instead of asking",
        )
    return parser


def run(args: argparse.Namespace) -> int:
    """Run the chosen act."""
    code: int = args.act_run(args)
    return code


def _create(args: argparse.Namespace) -> int:
    passphrase = _passphrase(args, twice=True)
    folder = args.folder or paths.vault_dir()
    create_vault(folder, passphrase, clinician=args.clinician).close()
    if args.json:
        say_json(Created(folder=str(folder), clinician=args.clinician))
    else:
        say(f"A new vault was made in {folder}.")
        say("Without its passphrase nobody can open it, and nobody can recover it.")
    return DONE


def _verify(args: argparse.Namespace) -> int:
    report = verify_vault(args.folder or paths.vault_dir(), _passphrase(args))
    if args.json:
        say_json(report)
    else:
        say(f"{report.visits} visits, {report.notes} signed notes, {report.audit_rows} audit rows")
        for each in report.problems:
            say(f"    DAMAGED  {each}")
        if report.ok:
            say("Everything is what was written.")
    return DONE if report.ok else KNOWN_ERROR


def _passphrase(args: argparse.Namespace, *, twice: bool = False) -> str:
    """From the terminal without showing it; never from the command line, which others can see."""
    if args.passphrase_stdin:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise BadInput(
            "There is no terminal to ask for the passphrase.",
            advice="Give it with --passphrase-stdin.",
        )
    first = getpass.getpass("Passphrase: ")
    if twice and getpass.getpass("Once more: ") != first:
        raise BadInput("The two passphrases differ; no vault was made.")
    return first
