"""The acts of `scribe vault` that change who can open it: passphrase, recovery key, clinic's key,
rotation.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

from scribe.commands.asking import Asker, tell
from scribe.commands.console import DONE, remark, say, say_json
from scribe.errors import BadInput
from scribe.records import VisitSummary
from scribe.store import entrances, escrow, recovery, rotate
from scribe.store import vault as store
from scribe.store.access import Access
from scribe.store.entrances import Emergency
from scribe.store.recovery import RecoveryKey

TRIES = 3
PUBLIC_FILE, PRIVATE_FILE = "clinic-public-key.json", "clinic-private-key.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What an act changed; fields that it has nothing to say about are empty."""

    folder: str
    done: str
    recovery_key: str = ""
    setup_finished: bool = True
    fingerprint: str = ""
    visits: tuple[VisitSummary, ...] = ()


def add(
    acts: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> list[argparse.ArgumentParser]:
    """Declare the acts; returns those that open a vault."""
    passphrase = acts.add_parser("passphrase", help="change the passphrase")
    passphrase.set_defaults(act_run=_passphrase)
    new_key = acts.add_parser("recovery", help="a new recovery key; the old one opens nothing then")
    new_key.set_defaults(act_run=_recovery)
    recover = acts.add_parser("recover", help="set a new passphrase with the recovery key")
    recover.set_defaults(act_run=_recover)
    turn = acts.add_parser("rotate", help="new keys throughout, after somebody may have had them")
    turn.add_argument("--keep-passphrase", action="store_true", help="only the keys were lost")
    turn.set_defaults(act_run=_rotate)
    return [passphrase, new_key, recover, turn, *_add_escrow(acts)]


def _add_escrow(
    acts: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> list[argparse.ArgumentParser]:
    clinic = acts.add_parser("escrow", help="the clinic's key for emergencies")
    doings = clinic.add_subparsers(dest="doing", required=True, metavar="DO")
    make = doings.add_parser("make-key", help="a new pair of key files for the clinic")
    make.add_argument("--label", required=True, help="the name of the clinic")
    make.add_argument("--out", type=Path, required=True, metavar="DIR")
    make.set_defaults(act_run=_make_key)
    put = doings.add_parser("add", help="let the clinic's key open this vault")
    put.add_argument("--public", type=Path, required=True, metavar="FILE")
    put.set_defaults(act_run=_add_clinic)
    remove = doings.add_parser("remove", help="let no clinic's key open this vault")
    remove.set_defaults(act_run=_remove_clinic)
    read = doings.add_parser("read", help="emergency: open for reading, logged first")
    read.set_defaults(act_run=_read)
    reset = doings.add_parser("reset", help="emergency: set a new passphrase, logged first")
    reset.set_defaults(act_run=_reset)
    for each in (read, reset):
        each.add_argument("--private", type=Path, required=True, metavar="FILE")
        each.add_argument("--who", required=True, help="the name of who opens it")
        each.add_argument(
            "--why", type=Emergency, required=True, choices=list(Emergency), metavar="REASON"
        )
    return [put, remove, read, reset]


def show_key(key: RecoveryKey) -> None:
    """The recovery key as it is to be copied, and what it is for."""
    half = recovery.GROUPS // 2
    say("RECOVERY KEY  (shown once)")
    for start in (0, half):
        say(f"    {'  '.join(key.groups[start : start + half])}")
    say("Write it on paper or print it, and keep it away from this computer. Without it and")
    say("without the passphrase nobody can open the vault, and nobody can help.")


def confirm(access: Access, asker: Asker) -> None:
    """Ask for two groups of the key. Nobody there to answer leaves the setup unfinished."""
    for _ in range(TRIES if asker.at_terminal else 1):
        try:
            tell(("Type these groups again, from the paper:",))
            groups = {number: asker.line(f"Group {number}") for number in access.asked}
        except BadInput:
            break
        try:
            access.confirm_recovery(groups)
        except BadInput as error:
            remark(str(error))
        else:
            say("The setup is finished.")
            return
    say("The setup is unfinished. Make a key that is on paper with: scribe vault recovery")


# ---------------------------------------------------------------- the clinician


def _passphrase(args: argparse.Namespace) -> int:
    asker = Asker(args)
    old = asker.passphrase()
    with store.open_vault(args.folder, old) as opened:
        opened.access.change_passphrase(old, asker.new_passphrase())
    return _said(
        args,
        "The passphrase was changed.",
        "Backups made before still open with the old one. If somebody else may know that, run:",
        "scribe vault rotate",
    )


def _recovery(args: argparse.Namespace) -> int:
    asker = Asker(args)
    passphrase = asker.passphrase()
    with store.open_vault(args.folder, passphrase) as opened:
        key = opened.access.new_recovery_key(passphrase)
        return _with_key(args, opened.access, key, asker, "A new recovery key was made.")


def _recover(args: argparse.Namespace) -> int:
    asker = Asker(args)
    key = recovery.from_text(asker.line("Recovery key"))
    entrances.check_recovery(args.folder, key)
    with entrances.recover_vault(args.folder, key, asker.new_passphrase()):
        pass
    return _said(
        args,
        "The vault opens with the new passphrase. The recovery key stays good.",
        "A new signing key was made; notes signed with the old one can still be verified.",
    )


def _rotate(args: argparse.Namespace) -> int:
    asker = Asker(args)
    old = asker.passphrase()
    new = None if args.keep_passphrase else asker.new_passphrase()
    with rotate.rotate_vault(args.folder, old, new_passphrase=new) as opened:
        key = opened.access.take_recovery_key()
        return _with_key(args, opened.access, key, asker, "The vault has new keys throughout.")


# ---------------------------------------------------------------- the clinic


def _make_key(args: argparse.Namespace) -> int:
    public, private = escrow.new_pair(args.label)
    try:
        args.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"The folder {args.out} cannot be used ({error.strerror}).") from error
    escrow.write(args.out / PRIVATE_FILE, private)
    escrow.write(args.out / PUBLIC_FILE, public)
    args.folder = args.out
    return _said(
        args,
        f"The clinic's key {public.fingerprint} is in {args.out}.",
        f"{PRIVATE_FILE} opens every vault it is added to: move it to a safe, off all computers.",
        fingerprint=public.fingerprint,
    )


def _add_clinic(args: argparse.Namespace) -> int:
    public = escrow.read(args.public, escrow.PUBLIC_KIND)
    passphrase = Asker(args).passphrase()
    with store.open_vault(args.folder, passphrase) as opened:
        opened.access.add_escrow(passphrase, public)
    return _said(
        args,
        f"The key {public.fingerprint} of {public.label} can open this vault in an emergency.",
        "Compare that number with the clinic's.",
        fingerprint=public.fingerprint,
    )


def _remove_clinic(args: argparse.Namespace) -> int:
    passphrase = Asker(args).passphrase()
    with store.open_vault(args.folder, passphrase) as opened:
        opened.access.remove_escrow(passphrase)
    return _said(
        args,
        "No clinic's key opens this vault.",
        "Copies of it made before can still be opened; if that matters, run: scribe vault rotate",
    )


def _read(args: argparse.Namespace) -> int:
    private = escrow.read(args.private, escrow.PRIVATE_KIND)
    with entrances.open_emergency(args.folder, private, who=args.who, why=args.why) as opened:
        visits = opened.list()
    lines = [
        f"{each.date_of_service}  {each.id}  {each.state.value:<10} {each.patient_label}"
        for each in visits
    ]
    return _said(args, "Opened for reading; the vault's log says so.", *lines, visits=visits)


def _reset(args: argparse.Namespace) -> int:
    private = escrow.read(args.private, escrow.PRIVATE_KIND)
    asker = Asker(args)
    passphrase = asker.new_passphrase()
    with entrances.reset_by_clinic(args.folder, private, passphrase, who=args.who, why=args.why):
        pass
    return _said(args, "The vault opens with the new passphrase; its log says who set it.")


# ---------------------------------------------------------------- inside


def _with_key(
    args: argparse.Namespace, access: Access, key: RecoveryKey, asker: Asker, done: str
) -> int:
    if args.json:
        unfinished = Done(
            folder=str(args.folder), done=done, recovery_key=key.text, setup_finished=False
        )
        say_json(unfinished)
        return DONE
    say(done)
    show_key(key)
    confirm(access, asker)
    return DONE


def _said(
    args: argparse.Namespace,
    *lines: str,
    fingerprint: str = "",
    visits: tuple[VisitSummary, ...] = (),
) -> int:
    if args.json:
        say_json(
            Done(folder=str(args.folder), done=lines[0], fingerprint=fingerprint, visits=visits)
        )
    else:
        say("\n".join(lines))
    return DONE
