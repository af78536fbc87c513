"""`scribe models list | fetch | verify | import`: the model files of this machine.

`fetch` is the one command that may use the network, and its process does nothing else.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

from scribe import paths
from scribe.commands.console import DONE, KNOWN_ERROR, ProgressLine, say, say_json
from scribe.ids import ModelId
from scribe.settings import Settings
from scribe.weights import catalogue, choose, own, verify
from scribe.weights.catalogue import Kind, ModelCard
from scribe.weights.verify import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One model as `scribe models list` shows it."""

    id: ModelId
    kind: Kind
    title: str
    licence: str
    bytes: int
    memory_bytes: int
    fits: bool
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One model as `scribe models fetch` left it."""

    id: ModelId
    path: str


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """Declare the subcommands."""
    parser = commands.add_parser("models", help="list, fetch, verify or import model files")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    acts.add_parser("list", help="which models there are, which are here, which fit").set_defaults(
        act_run=_list
    )
    fetch = acts.add_parser("fetch", help="bring models here (uses the network)")
    fetch.add_argument("id", nargs="*", type=ModelId, help="default: those of the settings")
    fetch.add_argument("--again", action="store_true", help="even if they are here and good")
    fetch.set_defaults(act_run=_fetch)
    acts.add_parser("verify", help="hash every model file anew").set_defaults(act_run=_verify)
    bring = acts.add_parser("import", help="take over a model file or folder of your own")
    bring.add_argument("path", type=Path, help="a GGUF file or a CTranslate2 Whisper folder")
    bring.set_defaults(act_run=_import)
    return parser


def run(args: argparse.Namespace) -> int:
    """Run the chosen act."""
    code: int = args.act_run(args)
    return code


def _list(args: argparse.Namespace) -> int:
    folder, free = paths.models_dir(), choose.memory_free()
    rows = [_listed(card, folder, free) for card in catalogue.known(folder)]
    if args.json:
        say_json(rows)
        return DONE
    for row in rows:
        room = "" if row.fits else f"; needs {row.memory_bytes / 1e9:.1f} GB of memory"
        say(f"{row.id:<40} {row.kind.value:<7} {row.bytes / 1e6:>6.0f} MB  {row.state}{room}")
        say(f"    {row.title} ({row.licence})")
    return DONE


def _listed(card: ModelCard, folder: Path, free: int) -> Listed:
    return Listed(
        id=card.id,
        kind=card.kind,
        title=card.title,
        licence=card.licence,
        bytes=card.bytes,
        memory_bytes=card.memory_bytes,
        fits=choose.fits(card, free),
        state=_state(verify.state(card, folder)),
    )


def _state(state: State) -> str:
    if state.path is not None:
        return "here, verified"
    return "not here" if state.missing else f"DAMAGED: {state.fault}"


def _fetch(args: argparse.Namespace) -> int:
    # Imported here and nowhere else: no other command may be able to reach the network.
    from scribe.weights.fetch import fetch  # noqa: PLC0415

    defaults = Settings()
    wanted = args.id or [defaults.speech_model, defaults.writer_model]
    folder = paths.models_dir()
    cards = catalogue.known(folder)
    done = []
    for card in [catalogue.card(each, cards) for each in wanted]:
        path = fetch(card, folder, tell=ProgressLine(card.id), again=args.again)
        done.append(Fetched(id=card.id, path=str(path)))
        if not args.json:
            say(f"{card.id}: here and verified ({card.bytes / 1e6:.0f} MB)")
    if args.json:
        say_json(done)
    return DONE


def _verify(args: argparse.Namespace) -> int:
    folder = paths.models_dir()
    states = verify.verify_all(catalogue.known(folder), folder)
    if args.json:
        say_json(states)
    else:
        for each in states:
            say(f"{each.model:<40} {_state(each)}")
    return KNOWN_ERROR if any(each.fault for each in states) else DONE


def _import(args: argparse.Namespace) -> int:
    kind = Kind.SPEECH if args.path.is_dir() else Kind.WRITER
    card = own.import_model(args.path, kind, paths.models_dir())
    if args.json:
        say_json(card)
    else:
        say(f"{card.id}: imported. Choose it in the settings as the {kind.value} model.")
    return DONE
