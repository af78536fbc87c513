"""`scribe vault ...`: the encrypted place where visits are kept, and the keys to it."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from scribe import paths, settings
from scribe.commands import asking, vault_backup, vault_keeping, vault_keys
from scribe.commands.asking import Asker
from scribe.commands.console import DONE, KNOWN_ERROR, say, say_json
from scribe.store import vault as store
from scribe.store.access import LastOpened
from scribe.store.verify import verify_vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """What `scribe vault create` made."""

    folder: str
    clinician: str
    recovery_key: str
    setup_finished: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlocked:
    """What `scribe vault unlock-test` found."""

    folder: str
    clinician: str
    setup_finished: bool
    last_opened: LastOpened | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One line of `scribe vault list`; the unnamed vault has an empty name."""

    name: str
    folder: str
    exists: bool
    in_use: bool


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """Declare the subcommands."""
    parser = commands.add_parser("vault", help="the encrypted vault and the keys to it")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    create = acts.add_parser("create", help="make a new vault; never overwrites one")
    create.add_argument("--clinician", required=True, help="whose vault it is")
    create.set_defaults(act_run=_create)
    test = acts.add_parser("unlock-test", help="try the passphrase; says who was in it last")
    test.set_defaults(act_run=_unlock_test)
    verify = acts.add_parser("verify", help="check every page, note and audit row")
    verify.set_defaults(act_run=_verify)
    opening = [create, test, verify, *vault_keys.add(acts), *vault_keeping.add(acts)]
    opening += vault_backup.add(acts)
    for each in opening:
        which = each.add_mutually_exclusive_group()
        which.add_argument("--vault", default=None, metavar="NAME", help="see: scribe vault list")
        which.add_argument("--folder", type=Path, default=None, help="a vault in another place")
        asking.add_arguments(each)
    listing = acts.add_parser("list", help="the vaults of this computer, one per clinician")
    listing.set_defaults(act_run=_list)
    return parser


def run(args: argparse.Namespace) -> int:
    """Run the chosen act."""
    if hasattr(args, "folder"):
        args.folder = _folder(args)
    code: int = args.act_run(args)
    return code


def _folder(args: argparse.Namespace) -> Path:
    if args.folder is not None:
        return Path(args.folder)
    chosen = settings.load(paths.settings_file()).vault if args.vault is None else args.vault
    return paths.vault_dir(chosen)


def _create(args: argparse.Namespace) -> int:
    asker = Asker(args)
    passphrase = asker.new_passphrase("Passphrase")
    with store.create_vault(args.folder, passphrase, clinician=args.clinician) as made:
        key = made.access.take_recovery_key()
        if not args.json:
            say(f"A new vault was made in {args.folder}.")
            vault_keys.show_key(key)
            vault_keys.confirm(made.access, asker)
        else:
            say_json(
                Created(
                    folder=str(args.folder),
                    clinician=args.clinician,
                    recovery_key=key.text,
                    setup_finished=made.access.setup_finished,
                )
            )
    return DONE


def _unlock_test(args: argparse.Namespace) -> int:
    with store.open_vault(args.folder, Asker(args).passphrase()) as opened:
        found = Unlocked(
            folder=str(args.folder),
            clinician=opened.clinician,
            setup_finished=opened.access.setup_finished,
            last_opened=opened.access.last_opened,
        )
    if args.json:
        say_json(found)
        return DONE
    say(f"This passphrase opens the vault of {found.clinician}.")
    if found.last_opened is not None:
        last = found.last_opened
        say(f"Last opened by {last.by} at {last.at:%Y-%m-%d %H:%M %Z} ({last.act}).")
        if last.failed:
            say(f"Wrong passphrases since: {last.failed}.")
    if not found.setup_finished:
        say("Its setup is unfinished. Run: scribe vault recovery")
    return DONE


def _verify(args: argparse.Namespace) -> int:
    report = verify_vault(args.folder, Asker(args).passphrase())
    if args.json:
        say_json(report)
    else:
        say(f"{report.visits} visits, {report.notes} signed notes, {report.audit_rows} audit rows")
        for each in report.problems:
            say(f"    DAMAGED  {each}")
        if report.ok:
            say("Everything is what was written.")
    return DONE if report.ok else KNOWN_ERROR


def _list(args: argparse.Namespace) -> int:
    used = settings.load(paths.settings_file()).vault
    found = tuple(
        Listed(name=name, folder=str(folder), exists=store.exists(folder), in_use=name == used)
        for name, folder in paths.named_vaults()
    )
    if args.json:
        say_json(found)
        return DONE
    for each in found:
        mark = "*" if each.in_use else " "
        there = "" if each.exists else "   (none yet)"
        say(f"{mark} {each.name or '(unnamed)':<42}{each.folder}{there}")
    say('* is opened by the window: `vault = "NAME"` in settings.toml.')
    return DONE
