"""`scribe vault retention | hold | release`: how long what is kept, seen before it is done."""

import argparse
from dataclasses import dataclass
from datetime import date

from scribe.commands.asking import Asker
from scribe.commands.console import DONE, say, say_json
from scribe.ids import EncounterId
from scribe.store import vault as store
from scribe.store.retention import Removal, Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Retained:
    """What `scribe vault retention` found; `applied` says whether it is gone."""

    applied: bool
    removals: tuple[Removal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Whether a visit is under a legal hold now."""

    visit: EncounterId
    held: bool


def add(
    acts: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> list[argparse.ArgumentParser]:
    """Declare the acts; returns those that open a vault."""
    retention = acts.add_parser("retention", help="show what is due to go; --apply removes it")
    retention.add_argument("--apply", action="store_true", help="remove it; nothing is asked again")
    retention.add_argument(
        "--recording-days",
        type=int,
        default=0,
        metavar="N",
        help="days after signing for which a recording is kept (default 0, -1 for ever)",
    )
    retention.add_argument(
        "--notes-years",
        type=int,
        default=None,
        metavar="N",
        help="years after signing for which a note is kept (at least 6; default for ever)",
    )
    retention.set_defaults(act_run=_retention)
    hold = acts.add_parser("hold", help="put a visit under a legal hold: nothing of it may go")
    hold.add_argument("--reason", required=True, help="stays in the vault")
    hold.set_defaults(act_run=_hold)
    release = acts.add_parser("release", help="end a legal hold")
    release.set_defaults(act_run=_release)
    for each in (hold, release):
        each.add_argument("visit", type=EncounterId, help="identifier of the visit")
    return [retention, hold, release]


def _retention(args: argparse.Namespace) -> int:
    days = None if args.recording_days == -1 else args.recording_days
    rules = Rules(recording_days=days, notes_years=args.notes_years)
    today = date.today()
    with store.open_vault(args.folder, Asker(args).passphrase()) as opened:
        keeping = opened.keeping
        removals = keeping.apply(rules, today) if args.apply else keeping.preview(rules, today)
    if args.json:
        say_json(Retained(applied=args.apply, removals=removals))
        return DONE
    for each in removals:
        say(f"    {each.kind.value:10} of visit {each.visit}   ({each.why})")
    if args.apply:
        say(f"{len(removals)} removed.")
    elif removals:
        say(f"{len(removals)} due. Nothing was removed. To remove them: add --apply")
    else:
        say("Nothing is due.")
    return DONE


def _hold(args: argparse.Namespace) -> int:
    with store.open_vault(args.folder, Asker(args).passphrase()) as opened:
        opened.keeping.hold(args.visit, args.reason)
    _said(args, held=True)
    return DONE


def _release(args: argparse.Namespace) -> int:
    with store.open_vault(args.folder, Asker(args).passphrase()) as opened:
        opened.keeping.release(args.visit)
    _said(args, held=False)
    return DONE


def _said(args: argparse.Namespace, *, held: bool) -> None:
    if args.json:
        say_json(Held(visit=args.visit, held=held))
    else:
        word = "under" if held else "no longer under"
        say(f"Visit {args.visit} is {word} a legal hold.")
