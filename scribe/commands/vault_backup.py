"""`scribe vault backup | restore`: the whole vault into one file, and back out of it."""

import argparse
from pathlib import Path
from typing import Any

from scribe import codec
from scribe.commands.asking import Asker, tell
from scribe.commands.console import DONE, ProgressLine, say, say_json
from scribe.errors import BadInput
from scribe.ports import BackupMade, Restored
from scribe.store import escrow, recovery, restore
from scribe.store import vault as store
from scribe.store.entrances import Emergency


def add(
    acts: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> list[argparse.ArgumentParser]:
    """Declare the acts; returns those that name a vault."""
    make = acts.add_parser("backup", help="one encrypted file of it all, verified by restoring it")
    make.add_argument("to", type=Path, metavar="FOLDER", help="a folder, best on another disk")
    make.add_argument(
        "--with-psychotherapy-notes",
        action="store_true",
        help="also these, which only their author can ask for",
    )
    make.set_defaults(act_run=_backup)
    back = acts.add_parser("restore", help="a vault from a backup, where there is none")
    back.add_argument("backup", type=Path, metavar="FILE")
    by = back.add_mutually_exclusive_group()
    by.add_argument("--recovery-key", action="store_true", help="the passphrase is lost")
    by.add_argument("--private", type=Path, metavar="FILE", help="emergency: the clinic's key")
    back.add_argument("--who", default="", help="with --private: the name of who restores it")
    back.add_argument(
        "--why",
        type=Emergency,
        choices=list(Emergency),
        default=Emergency.CLINICIAN_ABSENT,
        metavar="REASON",
        help=f"with --private: {', '.join(Emergency)}",
    )
    back.set_defaults(act_run=_restore)
    return [make, back]


def _backup(args: argparse.Namespace) -> int:
    passphrase = Asker(args).passphrase()
    with store.open_vault(args.folder, passphrase) as opened:
        made = opened.backups.make(
            args.to,
            psychotherapy_passphrase=passphrase if args.with_psychotherapy_notes else None,
            tell=ProgressLine("backup"),
        )
    if args.json:
        say_json(_plain(made))
        return DONE
    say(f"{made.visits} visits, {made.notes} signed notes, {made.recordings} recordings are in")
    say(f"{made.path} ({made.size / 1e6:.1f} MB), which was restored once to see that it can be.")
    if made.psychotherapy:
        say("Psychotherapy notes are in it; they open for their author alone.")
    if made.same_disk:
        say("It lies on the same disk as the vault: copy it to another one.")
    say("It opens with the passphrase or the recovery key that the vault has now.")
    return DONE


def _restore(args: argparse.Namespace) -> int:
    told = _restored(args, Asker(args))
    if args.json:
        say_json(_plain(told))
        return DONE
    say(f"The vault of {told.clinician} as it was at {told.made:%Y-%m-%d %H:%M %Z}:")
    say(f"{told.visits} visits, {told.notes} signed notes, {told.recordings} recordings.")
    say(f"It lies in {told.folder}. What was written after that time is not in it.")
    return DONE


def _restored(args: argparse.Namespace, asker: Asker) -> Restored:
    progress = ProgressLine("restore")
    if args.recovery_key:
        key = recovery.from_text(asker.line("Recovery key"))
        tell(("The restored vault gets a new passphrase.",))
        new = asker.new_passphrase()
        return restore.restore_by_recovery(args.backup, args.folder, key, new, tell=progress)
    if args.private is None:
        return restore.restore_vault(args.backup, args.folder, asker.passphrase(), tell=progress)
    if not args.who.strip():
        raise BadInput("--private needs --who: the name of who restores the vault.")
    return restore.restore_by_clinic(
        args.backup,
        args.folder,
        escrow.read(args.private, escrow.PRIVATE_KIND),
        asker.new_passphrase(),
        who=args.who,
        why=args.why,
        tell=progress,
    )


def _plain(told: BackupMade | Restored) -> dict[str, Any]:
    """Ready for JSON, where a path is a string."""
    plain = codec.plain(told)
    return {name: str(each) if isinstance(each, Path) else each for name, each in plain.items()}
